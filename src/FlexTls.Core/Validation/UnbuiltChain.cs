using System.Security.Cryptography;
using System.Text.RegularExpressions;
using FlexTls.Certificates;

namespace FlexTls.Validation;

/// <summary>
/// Why the platform threw instead of building a chain. For what .NET has no status of, the exception holds OpenSSL's
/// number, and nothing else: in a handshake, the certificates are out of reach by then.
/// </summary>
internal static partial class UnbuiltChain
{
    // X509_V_ERR_UNSPECIFIED, with which only the comparison of names ends.
    private const string TooManyNames = "1";

    /// <param name="thrown">What the platform threw.</param>
    /// <param name="server">The server's certificate, if it is known.</param>
    /// <returns><see langword="null"/>: something that cannot be read.</returns>
    public static ServerCertificateFailure? Explain(Exception thrown, DecodedCertificate? server) =>
        server is not null && KeyRules.NotUnderstood(server) is { } failure ? failure
        : thrown is CryptographicException && OpenSslNumber().Match(thrown.Message).Groups[1].Value == TooManyNames
            ? VerificationBudget.TooManyNames
        : null;

    [GeneratedRegex("unhandled error code '([0-9]+)'")]
    private static partial Regex OpenSslNumber();
}
