namespace FlexTls;

/// <summary>
/// A policy cannot be used. <see cref="Exception.Message"/> holds every diagnostic, one a line, in file order.
/// </summary>
public class TlsPolicyException : Exception
{
    /// <summary>Creates the exception from everything that was found.</summary>
    /// <param name="diagnostics">All findings, in file order; warnings may stand among the errors.</param>
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

    /// <summary>Everything that was found, in file order.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Diagnostics { get; }
}
