namespace FlexTls;

/// <summary>
/// Finds what a program would find in policies at its start, and what only looking at the result as a whole finds.
/// </summary>
internal static class PolicyCheck
{
    // The code of an environment variable that is not set, or is empty.
    private const string UnsetVariable = "FTLS1030";

    // Certificates that have expired, or are not valid yet.
    private const string IdentityNotInDate = "FTLS4004";
    private const string TrustAnchorNotInDate = "FTLS4005";

    /// <summary>Checks policies.</summary>
    /// <param name="sources">The policies.</param>
    /// <param name="at">The time to judge certificates by; <see langword="null"/>: now.</param>
    /// <param name="allowsMissingVariables">Whether variables that are not set are no fault.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<CheckReport> RunAsync(
        PolicyInputs sources, DateTimeOffset? at, bool allowsMissingVariables, CancellationToken cancellationToken)
    {
        try
        {
            var policies = await LoadedPolicies.LoadAsync(sources, at, cancellationToken).ConfigureAwait(false);
            await using (policies.ConfigureAwait(false))
            {
                var upstreams = policies.Upstreams;
                return Report(
                    sources,
                    [
                        .. policies.Found,
                        .. upstreams.SelectMany(upstream => OfContext(policies.Contexts, upstream)),
                        .. Expiry.Find(policies),
                        .. UnknownServices.Find(upstreams),
                    ],
                    upstreams.Count, allowsMissingVariables);
            }
        }
        catch (TlsPolicyException e)
        {
            return Report(
                sources, WithSkipped(e.Diagnostics, allowsMissingVariables), upstreams: null, allowsMissingVariables);
        }
    }

    /// <summary>Says what was not checked because only variables are missing.</summary>
    private static IEnumerable<TlsPolicyDiagnostic> WithSkipped(
        IReadOnlyList<TlsPolicyDiagnostic> found, bool allowsMissingVariables) =>
        !allowsMissingVariables
        || found.Any(one => one.Severity == TlsPolicyDiagnosticSeverity.Error && one.Code != UnsetVariable) ? found
            : [
                .. found,
                new(
                    Findings.NotFullyChecked, TlsPolicyDiagnosticSeverity.Information,
                    "variables are not set here, so no policy was checked for expiry, for what the platform supports, "
                    + "or for its Service; set them to check all.",
                    FileName: null, Line: 0, Column: 0),
            ];

    /// <summary>What the platform makes of a policy.</summary>
    private static IEnumerable<TlsPolicyDiagnostic> OfContext(
        IOutboundTlsContextProvider contexts, UpstreamTlsStatus upstream)
    {
        var context = contexts.GetContext(upstream.Name);
        return context.Diagnostics.Select(
            found => found.FileName is null ? At(found, context.Policy, upstream) : found);
    }

    /// <summary>A finding at the setting that it is about, or else at the policy.</summary>
    private static TlsPolicyDiagnostic At(
        TlsPolicyDiagnostic found, OutboundTlsPolicy policy, UpstreamTlsStatus upstream)
    {
        string[] names = found.Code switch
        {
            IdentityNotInDate => ["certificate", "extensions.pkcs12"],
            TrustAnchorNotInDate => ["trustedCA"],
            _ => [],
        };
        var setting = policy.WrittenSettings.FirstOrDefault(
            written => written.FileName is not null && names.Contains(written.Name, StringComparer.OrdinalIgnoreCase));
        return setting is null
            ? found with { FileName = upstream.FileName, Line = upstream.Line, Column = upstream.Line > 0 ? 1 : 0 }
            : found with { FileName = setting.FileName, Line = setting.Line, Column = setting.Column };
    }

    private static CheckReport Report(
        PolicyInputs sources, IEnumerable<TlsPolicyDiagnostic> found, int? upstreams, bool allowsMissingVariables)
    {
        // What is found in a section names its keys alone.
        var file = sources is { Sections.Count: 1, PolicyFiles: [], Text: null }
            ? sources.Sections.Keys.Single() : null;
        return new CheckReport(
            [
                .. found.Select(finding => finding with
                    {
                        FileName = finding.FileName is { } name ? ShownPath.Of(name) : file,
                        Severity = allowsMissingVariables && finding.Code == UnsetVariable
                            ? TlsPolicyDiagnosticSeverity.Information : finding.Severity,
                    })
                    .Distinct()
                    .OrderBy(finding => finding.FileName, StringComparer.Ordinal).ThenBy(finding => finding.Line)
                    .ThenBy(finding => finding.Column),
            ],
            upstreams);
    }
}
