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

    /// <param name="thrown">The platform's exception.</param>
    /// <param name="server">The server's certificate, if it is known.</param>
    /// <returns>The reason; <see langword="null"/>: something cannot be read.</returns>
    public static ServerCertificateFailure? Explain(Exception thrown, DecodedCertificate? server) =>
        server is not null && KeyRules.NotUnderstood(server) is { } failure ? failure
        : thrown is CryptographicException && OpenSslNumber().Match(thrown.Message).Groups[1].Value == TooManyNames
            ? VerificationBudget.TooManyNames
        : null;

    [GeneratedRegex("unhandled error code '([0-9]+)'")]
    private static partial Regex OpenSslNumber();
}
