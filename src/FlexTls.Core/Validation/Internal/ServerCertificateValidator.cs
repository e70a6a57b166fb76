using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Certificates;
using FlexTls.Diagnostics;
using FlexTls.Policies;

namespace FlexTls.Validation;

/// <summary>
/// The verdict on a server's certificate: chain, name and keys, every failure with its reason. What throws is a refusal.
/// </summary>
internal sealed class ServerCertificateValidator(TrustAnchors? anchors, TimeProvider clock)
{
    private readonly ChainRules _chainRules = new(anchors);

    /// <summary>The policy of a chain that is to be judged here and now.</summary>
    public X509ChainPolicy CreateChainPolicy() => ChainPolicies.ForValidator(anchors, clock.GetUtcNow());

    /// <summary>Judges a certificate by a chain that is built for it.</summary>
    public ServerCertificateValidationResult Validate(X509Certificate2? leaf, X509Certificate2Collection intermediates, HostName host) =>
        Validate(leaf, certificate => CertificateChain.Build(certificate, intermediates, CreateChainPolicy()), host);

    /// <summary>Judges a certificate by a chain that is built under <see cref="CreateChainPolicy"/>.</summary>
    public ServerCertificateValidationResult Validate(X509Certificate2? leaf, Func<X509Certificate2, CertificateChain> chainOf, HostName host)
    {
        if (leaf is null)
        {
            return Refused(DiagnosticCodes.NoServerCertificate, "the server presented no certificate");
        }

        try
        {
            using var chain = chainOf(leaf);
            var failures = new List<ServerCertificateFailure>(_chainRules.Check(leaf, chain));
            if (NameRules.Check(leaf, host) is { } wrongName)
            {
                failures.Add(wrongName);
            }

            failures.AddRange(KeyRules.Check(chain.Path));
            failures.AddRange(SignatureRules.Check(chain.Path));
            return new ServerCertificateValidationResult(failures);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or ArgumentException)
        {
            return Refused(DiagnosticCodes.UnreadableCertificate, $"the server's certificate cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    private static ServerCertificateValidationResult Refused(string code, string message) =>
        new([Refusal.Of(code, message)]);
}
