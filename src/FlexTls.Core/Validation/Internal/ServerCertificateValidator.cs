using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Validation;

/// <summary>
/// The verdict on a server's certificate: chain, name and keys, every failure with its reason. It takes nothing on
/// trust from the platform's own check of the same handshake, and what throws is a refusal.
/// </summary>
internal sealed class ServerCertificateValidator(TrustAnchors? anchors, TimeProvider clock)
{
    private readonly ChainRules _chain = new(anchors, clock);

    public ServerCertificateValidationResult Validate(X509Certificate2? leaf, X509Certificate2Collection intermediates, HostName host)
    {
        if (leaf is null)
        {
            return Refused(DiagnosticCodes.NoServerCertificate, "the server presented no certificate.");
        }

        try
        {
            var (path, chainFailures) = _chain.Check(leaf, intermediates);
            var failures = new List<ServerCertificateFailure>(chainFailures);
            if (NameRules.Check(leaf, host) is { } wrongName)
            {
                failures.Add(wrongName);
            }

            failures.AddRange(KeyRules.Check(path));
            return new ServerCertificateValidationResult([.. failures.Select(f => f with { Message = Text.OneLine(f.Message) })]);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or ArgumentException)
        {
            return Refused(DiagnosticCodes.UnreadableCertificate, $"the server's certificate cannot be read: {Text.OneLine(e.Message)}");
        }
    }

    private static ServerCertificateValidationResult Refused(string code, string message) =>
        new([new ServerCertificateFailure(code, message, null, null)]);
}
