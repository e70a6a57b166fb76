#pragma warning disable RS0030 // Of the X509Chain that the platform hands over, only what the server sent is taken.
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// Judges the certificates that a server presented in a handshake run by other code, perhaps in several at once with
/// the same options. So there is no state here, and a chain built under a policy that others could change is not
/// trusted.
/// </summary>
internal static class PresentedCertificate
{
    public static PresentedChain Chain(X509Certificate? certificate, X509Chain? chain) =>
        PresentedChain.Of(Whole(certificate), chain?.ChainPolicy.ExtraStore ?? []);

    public static ServerCertificateValidationResult Judge(
        ServerCertificateValidator validator, X509Certificate? certificate, X509Chain? chain, HostName host) =>
        validator.Validate(Whole(certificate), chain?.ChainPolicy.ExtraStore ?? [], host);

    /// <summary>Libraries may pass an object of the old base class; the platform never does.</summary>
    private static X509Certificate2? Whole(X509Certificate? certificate) => certificate switch
    {
        null => null,
        X509Certificate2 whole => whole,
        _ => new X509Certificate2(certificate),
    };
}
