using System.Security.Cryptography.X509Certificates;
using FlexTls.Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Validation;

/// <summary>Every key on the path is of an accepted kind and size.</summary>
internal static class KeyRules
{
    public static IEnumerable<ServerCertificateFailure> Check(IEnumerable<X509Certificate2> path)
    {
        foreach (var certificate in path)
        {
            var key = KeyDescription.Of(certificate);
            if (key.Verdict != KeyVerdict.Accepted)
            {
                yield return Refusal.Of(
                    key.Verdict == KeyVerdict.Weak ? DiagnosticCodes.WeakServerKey : DiagnosticCodes.UnsupportedServerKey,
                    $"the key of '{certificate.Subject}' is {key.Text}", $"reissue the certificate with a key of {KeyDescription.Allowed}", KeyDescription.Allowed, key.Text);
            }
        }
    }
}
