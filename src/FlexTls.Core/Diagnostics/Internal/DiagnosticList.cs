namespace FlexTls.Diagnostics;

/// <summary>Collects findings, so that all faults of a text are reported in one go.</summary>
internal sealed class DiagnosticList
{
    private readonly List<TlsPolicyDiagnostic> _items = [];

    public bool HasErrors { get; private set; }

    public void Error(string code, Place place, string message) =>
        Add(code, TlsPolicyDiagnosticSeverity.Error, place, message);

    public void Warning(string code, Place place, string message) =>
        Add(code, TlsPolicyDiagnosticSeverity.Warning, place, message);

    public void Information(string code, Place place, string message) =>
        Add(code, TlsPolicyDiagnosticSeverity.Information, place, message);

    public void AddRange(IEnumerable<TlsPolicyDiagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            _items.Add(diagnostic);
            HasErrors |= diagnostic.Severity == TlsPolicyDiagnosticSeverity.Error;
        }
    }

    /// <summary>All findings in file order; those of one place stay in the order in which they were found.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> InFileOrder()
    {
        // Files keep the order in which they were read, which is the order of the first finding in each.
        var files = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var diagnostic in _items)
        {
            files.TryAdd(diagnostic.FileName ?? "", files.Count);
        }

        return [.. _items.OrderBy(d => files[d.FileName ?? ""]).ThenBy(d => d.Line).ThenBy(d => d.Column)];
    }

    private void Add(string code, TlsPolicyDiagnosticSeverity severity, Place place, string message) =>
        AddRange([new TlsPolicyDiagnostic(code, severity, Text.OneLine(message), place.FileName, place.Line, place.Column)]);
}
