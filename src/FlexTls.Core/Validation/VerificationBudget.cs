namespace FlexTls;

/// <summary>
/// The limit on the work of one verdict, and the caller's token. A server may send anything, so work is counted.
/// </summary>
/// <param name="cancellationToken">Ends the verification.</param>
internal sealed class VerificationBudget(CancellationToken cancellationToken)
{
    /// <summary>The maximum number of certificate bytes that are decoded or in paths, in total.</summary>
    public const int MostBytes = 2 * 1024 * 1024;

    /// <summary>The maximum number of comparisons of two names: the same as OpenSSL's for one chain.</summary>
    public const int MostComparisons = 1 << 20;

    /// <summary>The maximum number of signature checks, counted for EC P-256; larger keys count as more.</summary>
    public const int MostSignatures = 1024;

    private long _bytes;

    /// <summary>The reason if there are more names than these rules or the platform compare.</summary>
    public static ServerCertificateFailure TooManyNames { get; } = Refusal.Of(
        DiagnosticCodes.MoreNamesThanCompared,
        "the certificate has too many names to compare",
        "the certificate has so many names, and so many constraints or subjectAltNames to compare them with, "
        + "that neither the platform nor FlexTls compares them",
        "let the server have a certificate with fewer names, or one by a CA with fewer constraints");

    /// <summary>The reason if the limit was reached.</summary>
    public static ServerCertificateFailure TooMuch { get; } = Refusal.Of(
        DiagnosticCodes.TooMuchToVerify,
        "the server sends more certificates than are looked at",
        "the certificates that the server sends would take more work than any honest chain does, "
        + "and not all of them were looked at",
        "let the server send its own certificate and the intermediates to its CA, and nothing else");

    /// <summary>Whether the limit was reached, so that not everything was checked.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Counts work; <see langword="false"/>: the limit is reached.</summary>
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public bool TrySpend(long bytes)
    {
        ThrowIfCanceled();
        _bytes += bytes;
        IsExhausted |= _bytes > MostBytes;
        return !IsExhausted;
    }

    /// <summary>Declares the budget exhausted, so that the remaining work is skipped.</summary>
    /// <returns>Always <see langword="false"/>: nothing more may be examined.</returns>
    public bool Exhaust() => !(IsExhausted = true);

    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public void ThrowIfCanceled() => cancellationToken.ThrowIfCancellationRequested();
}
