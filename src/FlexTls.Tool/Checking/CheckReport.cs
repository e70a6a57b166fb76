namespace FlexTls;

/// <summary>What a check has found.</summary>
/// <param name="Findings">All findings, in file order.</param>
/// <param name="Upstreams">How many upstreams have a policy; <see langword="null"/>: errors keep that unknown.</param>
internal sealed record CheckReport(IReadOnlyList<TlsPolicyDiagnostic> Findings, int? Upstreams)
{
    public int Errors => Count(TlsPolicyDiagnosticSeverity.Error);

    public int Warnings => Count(TlsPolicyDiagnosticSeverity.Warning);

    public bool HasErrors => Errors > 0;

    private int Count(TlsPolicyDiagnosticSeverity severity) => Findings.Count(finding => finding.Severity == severity);
}
