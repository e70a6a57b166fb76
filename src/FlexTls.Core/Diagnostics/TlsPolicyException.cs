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
        : this(diagnostics, null)
    {
    }

    /// <summary>Creates the exception from all findings and their cause.</summary>
    /// <param name="diagnostics">All findings, in file order; there may be warnings among the errors.</param>
    /// <param name="innerException">The cause; <see langword="null"/>: none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="diagnostics"/> is <see langword="null"/>.</exception>
    public TlsPolicyException(IEnumerable<TlsPolicyDiagnostic> diagnostics, Exception? innerException)
        : this([.. diagnostics ?? throw new ArgumentNullException(nameof(diagnostics))], innerException)
    {
    }

    private TlsPolicyException(TlsPolicyDiagnostic[] diagnostics, Exception? innerException)
        : base(string.Join(Environment.NewLine, diagnostics.AsEnumerable()), innerException)
    {
        Diagnostics = Array.AsReadOnly(diagnostics);
    }

    /// <summary>All findings, in file order.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Diagnostics { get; }
}
