using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.Handshakes;

/// <summary>
/// Whether the server of one handshake may have asked for a client certificate. One that did not cannot refuse the
/// client after the handshake, so nobody needs to wait whether it does.
/// </summary>
internal sealed class CertificateRequestWatch
{
    private CertificateRequestWatch(bool mayHaveAsked) => MayHaveAsked = mayHaveAsked;

    public bool MayHaveAsked { get; private set; }

    /// <summary>Watches the handshake of these options.</summary>
    public static CertificateRequestWatch Over(SslClientAuthenticationOptions options)
    {
        // With a certificate in the options the platform does not ask which one to take, and so does not tell. That it
        // asks again when the server wants one is known of Linux alone.
        if (!OperatingSystem.IsLinux() || options.ClientCertificateContext is not null)
        {
            return new CertificateRequestWatch(mayHaveAsked: true);
        }

        var watch = new CertificateRequestWatch(mayHaveAsked: false);
        options.LocalCertificateSelectionCallback = watch.SelectNone;
        return watch;
    }

    /// <summary>
    /// The platform asks before the handshake, and again, knowing the server's certificate, when the server wants one.
    /// </summary>
    private X509Certificate SelectNone(
        object sender, string host, X509CertificateCollection local, X509Certificate? remote, string[] issuers)
    {
        MayHaveAsked |= remote is not null || issuers.Length > 0;
        return null!;
    }
}
