using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// Builds the first chain of the process before a handshake needs one: the platform then reads the system's stores,
/// whatever the policy trusts, which takes as long as fifty handshakes.
/// </summary>
internal static class ChainWarmUp
{
    private static readonly Lazy<Task> Warming = new(() => Task.Run(Validate));

    /// <summary>Begins it in the background, once in a process.</summary>
    public static void Begin() => _ = Warming.Value;

    /// <summary>The verdict does not matter, and is always a refusal.</summary>
    private static void Validate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=warm-up.invalid", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        ServerCertificateValidator.ForUpstream(OutboundTlsPolicy.Default, owner: null, TimeProvider.System)
            .Validate(certificate, [], HostName.Parse("warm-up.invalid"));
    }
}
