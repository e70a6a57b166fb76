using FlexTls.Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Validation;

/// <summary>Every key on the path is of an accepted kind and size.</summary>
internal static class KeyRules
{
    public static IEnumerable<ServerCertificateFailure> Check(IEnumerable<DecodedCertificate> path)
    {
        foreach (var certificate in path)
        {
            var key = KeyDescription.Of(certificate);
            if (key.Verdict != KeyVerdict.Accepted)
            {
                var isWeak = key.Verdict == KeyVerdict.Weak;
                yield return Refusal.Of(
                    isWeak ? DiagnosticCodes.WeakServerKey : DiagnosticCodes.UnsupportedServerKey, isWeak ? "a key is too weak" : "a key is of a kind that is not accepted",
                    $"the key of {certificate.Shown} is {key.Text}", $"reissue the certificate with a key of {KeyDescription.Allowed}", KeyDescription.Allowed, key.Text);
            }
        }
    }
}
