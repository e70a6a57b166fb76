using Microsoft.Extensions.DependencyInjection;

namespace FlexTls;

/// <summary>
/// Loads policies exactly as a program does at its start, and looks at the result as a whole.
/// </summary>
internal static class PolicyCheck
{
    // The code of an environment variable that is not set, or is empty.
    private const string UnsetVariable = "FTLS1030";

    /// <summary>Checks policies.</summary>
    /// <param name="sources">The policies.</param>
    /// <param name="at">The time to judge certificates by; <see langword="null"/>: now.</param>
    /// <param name="allowsMissingVariables">Whether variables that are not set are no fault.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<CheckReport> RunAsync(
        PolicySources sources, DateTimeOffset? at, bool allowsMissingVariables, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        var clock = at is { } time ? new FixedTime(time) : TimeProvider.System;
        services.AddSingleton(clock);
        services.AddOutboundTls(tls =>
        {
            tls.ReloadOnChange = false;
            sources.AddTo(tls);
        });
        var provider = services.BuildServiceProvider();
        await using (provider.ConfigureAwait(false))
        {
            var manager = provider.GetRequiredService<IOutboundTlsManager>();
            try
            {
                var found = await manager.ReloadAsync(cancellationToken).ConfigureAwait(false);
                var status = manager.GetStatus();
                var contexts = provider.GetRequiredService<IOutboundTlsContextProvider>();
                return Report(
                    sources,
                    [
                        .. found,
                        .. status.Upstreams.SelectMany(upstream => OfContext(contexts, upstream)),
                        .. status.Upstreams.SelectMany(upstream => Expiry.Of(upstream, clock.GetUtcNow())),
                    ],
                    status.Upstreams.Count, allowsMissingVariables);
            }
            catch (TlsPolicyException e)
            {
                return Report(sources, e.Diagnostics, upstreams: null, allowsMissingVariables);
            }
        }
    }

    /// <summary>What the platform makes of a policy. The place is the policy's.</summary>
    private static IEnumerable<TlsPolicyDiagnostic> OfContext(
        IOutboundTlsContextProvider contexts, UpstreamTlsStatus upstream) =>
        contexts.GetContext(upstream.Name).Diagnostics.Select(
            found => found.FileName is null
                ? found with { FileName = upstream.FileName, Line = upstream.Line } : found);

    private static CheckReport Report(
        PolicySources sources, IEnumerable<TlsPolicyDiagnostic> found, int? upstreams, bool allowsMissingVariables)
    {
        // What is found in a section names its keys alone.
        var file = sources is { Sections.Count: 1, PolicyFiles: [], Text: null }
            ? sources.Sections.Keys.Single() : null;
        return new CheckReport(
            [
                .. found.Select(finding => finding with
                    {
                        FileName = finding.FileName is { } name ? Shown(name) : file,
                        Severity = allowsMissingVariables && finding.Code == UnsetVariable
                            ? TlsPolicyDiagnosticSeverity.Information : finding.Severity,
                    })
                    .Distinct()
                    .OrderBy(finding => finding.FileName, StringComparer.Ordinal).ThenBy(finding => finding.Line)
                    .ThenBy(finding => finding.Column),
            ],
            upstreams);
    }

    /// <summary>Files below the current directory are shown as people write them.</summary>
    private static string Shown(string file)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), file);
        return !Path.IsPathRooted(file) || relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }
}
