using System.Diagnostics.Metrics;

namespace FlexTls;

/// <summary>The gauges of the program's upstreams. They cost nothing except when somebody collects them.</summary>
internal sealed class UpstreamMeters
{
    private readonly UpstreamTable _table;
    private readonly TimeProvider _clock;

    private UpstreamMeters(UpstreamTable table, TimeProvider clock) => (_table, _clock) = (table, clock);

    /// <summary>Creates the gauges.</summary>
    /// <param name="meter">The program's meter; it keeps the gauges.</param>
    /// <param name="table">The upstreams.</param>
    /// <param name="countFaults">Counts the faults of the last reading.</param>
    /// <param name="clock">The program's clock.</param>
    public static void Create(Meter meter, UpstreamTable table, Func<int> countFaults, TimeProvider clock)
    {
        var meters = new UpstreamMeters(table, clock);
        meter.CreateObservableUpDownCounter(
            "flextls.connections", meters.Connections, "{connection}", "Open connections of HTTP clients.");
        meter.CreateObservableGauge(
            "flextls.certificate.expiry", meters.Expiry, "s", "How long until the first certificate expires.");
        meter.CreateObservableGauge(
            "flextls.generation", meters.Generation, "{generation}", "The number of the generation in force.");
        meter.CreateObservableGauge(
            "flextls.degraded", meters.Degraded, "{upstream}", "1 while the upstream is degraded.");
        meter.CreateObservableGauge(
            "flextls.weakened", meters.Weakened, "{upstream}", "1 while a weaker policy is unconfirmed.");
        meter.CreateObservableGauge(
            "flextls.dangerous", meters.Dangerous, "{setting}", "1 for each setting in force that weakens security.");
        meter.CreateObservableGauge(
            "flextls.faults", countFaults, "{fault}", "The faults of the last reading of all policies.");
    }

    private IEnumerable<Measurement<int>> Connections()
    {
        foreach (var (key, upstream) in _table.All)
        {
            yield return new(upstream.Current.OpenConnections, Tags(key, upstream, TelemetryTags.State, "open"));
            yield return new(upstream.DrainingConnections, Tags(key, upstream, TelemetryTags.State, "draining"));
        }
    }

    private IEnumerable<Measurement<double>> Expiry()
    {
        var now = _clock.GetUtcNow();
        foreach (var (key, upstream) in _table.All)
        {
            foreach (var role in Expiries.Of(upstream.Current.Context).GroupBy(expiry => expiry.Role))
            {
                var left = role.Min(expiry => expiry.NotAfter) - now;
                yield return new(left.TotalSeconds, Tags(key, upstream, TelemetryTags.Role, NameOf(role.Key)));
            }
        }
    }

    private IEnumerable<Measurement<int>> Generation() => _table.All.Select(
        one => new Measurement<int>(one.Upstream.Current.Number, Tags(one.Key, one.Upstream)));

    private IEnumerable<Measurement<int>> Degraded() => _table.All.Select(
        one => new Measurement<int>(one.Upstream.Degradation is null ? 0 : 1, Tags(one.Key, one.Upstream)));

    private IEnumerable<Measurement<int>> Weakened() => _table.All.Select(
        one => new Measurement<int>(one.Upstream.State.Weakening is null ? 0 : 1, Tags(one.Key, one.Upstream)));

    private IEnumerable<Measurement<int>> Dangerous()
    {
        foreach (var (key, upstream) in _table.All)
        {
            var policy = upstream.Current.Context.Policy;
            if (policy.DangerousSkipValidation)
            {
                yield return new(1, Tags(key, upstream, TelemetryTags.Weakening, "skipValidation"));
            }

            if (policy.DangerousAllowPlainHttp)
            {
                yield return new(1, Tags(key, upstream, TelemetryTags.Weakening, "allowPlainHttp"));
            }
        }
    }

    private static KeyValuePair<string, object?>[] Tags(
        UpstreamKey key, Upstream upstream, string? name = null, string? value = null)
    {
        KeyValuePair<string, object?>[] tags =
        [
            new(TelemetryTags.Upstream, upstream.Name),
            new(TelemetryTags.Kind, key.IsService ? "service" : "client"),
        ];
        return name is null ? tags : [.. tags, new(name, value)];
    }

    private static string NameOf(TlsCertificateRole role) => role switch
    {
        TlsCertificateRole.ClientCertificate => "client_certificate",
        TlsCertificateRole.ClientIntermediate => "client_intermediate",
        TlsCertificateRole.TrustedCA => "trusted_ca",
        _ => "server_chain",
    };
}
