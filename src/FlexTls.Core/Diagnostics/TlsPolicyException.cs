namespace FlexTls;

/// <summary>
/// A policy cannot be used. <see cref="Exception.Message"/> contains all diagnostics, one per line, in file order.
/// </summary>
public class TlsPolicyException : Exception
{
    /// <summary>Creates the exception from all findings.</summary>
    /// <param name="diagnostics">All findings, in file order; there may be warnings among the errors.</param>
    /// <exception cref="ArgumentNullException"><paramref name="diagnostics"/> is <see langword="null"/>.</exception>
    public TlsPolicyException(IEnumerable<TlsPolicyDiagnostic> diagnostics)
        : this([.. diagnostics ?? throw new ArgumentNullException(nameof(diagnostics))])
    {
    }

    private TlsPolicyException(TlsPolicyDiagnostic[] diagnostics)
        : base(string.Join(Environment.NewLine, diagnostics.AsEnumerable()))
    {
        Diagnostics = Array.AsReadOnly(diagnostics);
    }

    /// <summary>All findings, in file order.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Diagnostics { get; }
}
