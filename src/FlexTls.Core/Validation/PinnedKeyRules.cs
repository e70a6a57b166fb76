using System.Security.Cryptography;

namespace FlexTls;

/// <summary>
/// At least one of the pinned keys must be on the path (RFC 7469, section 2.6), which all other rules have accepted:
/// pins can only refuse.
/// </summary>
internal sealed class PinnedKeyRules(OutboundTlsPolicy policy)
{
    public ServerCertificateFailure? Check(IReadOnlyList<DecodedCertificate> verifiedPath)
    {
        if (policy.Pins.Count == 0)
        {
            return null;
        }

        var keys = verifiedPath.Select(certificate => SHA256.HashData(certificate.SubjectPublicKeyInfo.Span)).ToList();
        return keys.Exists(key => policy.Pins.Any(pin => pin.Span.SequenceEqual(key)))
            ? null
            : Refusal.Of(
                DiagnosticCodes.NoPinnedKey, "no key of the chain is pinned",
                "no certificate of the chain has a key that is listed in pins (under extensions)",
                "if the keys were renewed, add the new ones",
                string.Join(", ", policy.PinnedKeys), string.Join(", ", keys.Select(Convert.ToBase64String)));
    }
}
