using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FlexTls;

/// <summary>Reports one verdict on all upstreams, with the findings and their upstreams.</summary>
internal sealed class OutboundTlsHealthCheck(
    UpstreamRegistry registry, OutboundTlsRegistration registration, TimeProvider? clock = null) : IHealthCheck
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly ExpiryThresholds _thresholds = new(registration);

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failureStatus)
    {
        UpstreamTable table;
        try
        {
            table = registry.Table;
        }
        catch (Exception e)
        {
            // Whatever the sources throw, a health check must answer.
            return new HealthCheckResult(failureStatus, Text.OneLine($"the policies cannot be used: {e.Message}"), e);
        }

        var (status, findings, data) =
            (HealthStatus.Healthy, new List<string>(), new Dictionary<string, object>(StringComparer.Ordinal));
        foreach (var (of, upstream) in table.All)
        {
            var shown = Text.OneLine(of.InWords);
            var health = UpstreamHealth.Of(upstream, _thresholds, _clock.GetUtcNow());

            // Client names may differ only in characters that are not shown.
            for (var (key, count) = (shown, 2); !data.TryAdd(key, health.Data); count++)
            {
                key = string.Create(CultureInfo.InvariantCulture, $"{shown} ({count})");
            }

            findings.AddRange(health.Findings.Select(finding => $"{shown}: {finding}"));
            status = health.IsIdentityExpired
                ? failureStatus
                : status == HealthStatus.Healthy && health.Findings.Count > 0
                ? HealthStatus.Degraded
                : status;
        }

        // Each upstream reports its own faults; the rest belong to files without an upstream yet.
        var ofUpstreams = table.All.SelectMany(one => one.Upstream.Degradation?.Faults ?? []).ToHashSet();
        foreach (var other in registry.Reloader.Faults.Where(fault => !ofUpstreams.Contains(fault)))
        {
            findings.Add(other.ToString());
            status = status == HealthStatus.Healthy ? HealthStatus.Degraded : status;
        }

        var description = findings.Count > 0 ? Text.Join("; ", findings)
            : data.Count == 0 ? "no upstream is registered" : "no problems found";
        return new HealthCheckResult(status, description, data: data);
    }
}
