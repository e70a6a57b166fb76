namespace FlexTls;

/// <summary>Collects findings, so that one run reports all faults of a text.</summary>
internal sealed class DiagnosticList
{
    // Of each severity: nobody reads more, and a hostile text could have a million.
    private const int Most = 1_000;

    private static readonly string[] Names = ["informational findings", "warnings", "errors"];

    private readonly List<TlsPolicyDiagnostic> _items = [];
    private readonly int[] _counts = new int[Names.Length];

    public bool HasErrors => ErrorCount > 0;

    public int ErrorCount => _counts[(int)TlsPolicyDiagnosticSeverity.Error];

    /// <summary>The number of findings: a position for <see cref="ErrorsSince"/>.</summary>
    public int Count => _items.Count;

    /// <summary>Whether further errors are left out, so that composing their messages is unnecessary.</summary>
    public bool IsFull => ErrorCount > Most;

    /// <summary>A single error.</summary>
    public static TlsPolicyDiagnostic OneError(string code, Place place, string message)
    {
        var list = new DiagnosticList();
        list.Error(code, place, message);
        return list._items[0];
    }

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
            var severity = (int)diagnostic.Severity;
            if (++_counts[severity] <= Most)
            {
                _items.Add(diagnostic);
            }
            else if (_counts[severity] == Most + 1)
            {
                _items.Add(diagnostic with
                {
                    Code = DiagnosticCodes.TooManyErrors,
                    Message = $"there are more than {Most} {Names[severity]}; the rest are left out.",
                });
            }
        }
    }

    /// <summary>
    /// The errors that were added since there were <paramref name="count"/> findings. If they were left out, or an
    /// earlier error replaced them, that error. There must have been at least one.
    /// </summary>
    public IReadOnlyList<TlsPolicyDiagnostic> ErrorsSince(int count)
    {
        var errors = _items.Skip(count).Where(IsError).ToList();
        return errors.Count > 0 ? errors : [_items.Last(IsError)];
    }

    /// <summary>All findings in file order; those of one place stay in the order of their discovery.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> InFileOrder()
    {
        if (_items.Count == 0)
        {
            return [];
        }

        // Files keep the order in which they were read: that of the first finding in each.
        var files = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var diagnostic in _items)
        {
            files.TryAdd(diagnostic.FileName ?? "", files.Count);
        }

        return [.. _items.OrderBy(d => files[d.FileName ?? ""]).ThenBy(d => d.Line).ThenBy(d => d.Column)];
    }

    private static bool IsError(TlsPolicyDiagnostic diagnostic) =>
        diagnostic.Severity == TlsPolicyDiagnosticSeverity.Error;

    private void Add(string code, TlsPolicyDiagnosticSeverity severity, Place place, string message) =>
        AddRange([new TlsPolicyDiagnostic(
            code, severity, Text.WithoutKeys(Text.OneLine(message)), place.FileName, place.Line, place.Column)]);
}
