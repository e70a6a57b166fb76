using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace FlexTls;

/// <summary>
/// Explains why the platform threw instead of building a chain. For a cause without a .NET status, the exception
/// contains only OpenSSL's number; in a handshake, the certificates are then no longer available.
/// </summary>
internal static partial class UnbuiltChain
{
    // X509_V_ERR_UNSPECIFIED, which only the comparison of names returns.
    private const string TooManyNames = "1";

    /// <summary>Whether it is an exception of decoding, ours or the platform's.</summary>
    public static bool IsReadingFailure(Exception e) =>
        e is CryptographicException or AsnContentException or ArgumentException;

    /// <summary>The reason for a refusal.</summary>
    /// <param name="thrown">The exception.</param>
    /// <param name="server">The server's certificate, if it is known.</param>
    public static ServerCertificateFailure FailureOf(Exception thrown, DecodedCertificate? server = null) =>
        server is not null && KeyRules.NotUnderstood(server) is { } failure ? failure
        : thrown is CryptographicException && OpenSslNumber().Match(thrown.Message).Groups[1].Value == TooManyNames
            ? VerificationBudget.TooManyNames
        : Refusal.Of(
            DiagnosticCodes.UnreadableCertificate, "a certificate is malformed",
            $"a certificate of the server's chain cannot be read: {thrown.Message.TrimEnd('.')}");

    [GeneratedRegex("unhandled error code '([0-9]+)'")]
    private static partial Regex OpenSslNumber();
}
