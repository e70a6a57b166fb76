using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FlexTls;

/// <summary>
/// The instruments of one meter, and the source of activities, which all meters share. A listener that throws reaches
/// nobody: no handshake and no reload depends on what it hears.
/// </summary>
internal sealed class TlsInstruments
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string Name = "FlexTls";

    // Names and hosts may come from callers.
    private const int MostUpstreams = 10_000;
    private const int MostAddresses = 100;

    // Seconds; a handshake takes milliseconds, unless something is wrong.
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    // A listener may throw when the source or the meter is created; that exception must not be kept.
    private static readonly Lazy<ActivitySource> Source =
        new(() => new ActivitySource(Name), LazyThreadSafetyMode.PublicationOnly);

    private static readonly Lazy<TlsInstruments> Shared =
        new(() => new TlsInstruments(new Meter(Name)), LazyThreadSafetyMode.PublicationOnly);

    private readonly Histogram<double> _handshakes;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _weakenings;
    private readonly Counter<long> _reloads;
    private readonly BoundedNames _upstreams = new(MostUpstreams);
    private readonly ConcurrentDictionary<string, BoundedNames> _addresses = new(StringComparer.Ordinal);

    public TlsInstruments(Meter meter)
    {
        Meter = meter;
        _handshakes = meter.CreateHistogram(
            "flextls.handshake.duration", "s", "How long TLS handshakes with upstreams take.", tags: null, Durations);
        _failures = meter.CreateCounter<long>(
            "flextls.connection.failures", "{connection}",
            "Connections whose TLS failed or was refused, and refused requests.");
        _weakenings = meter.CreateCounter<long>(
            "flextls.weakenings", "{weakening}", "How often settings that weaken security were put in force.");
        _reloads = meter.CreateCounter<long>("flextls.reloads", "{reload}", "Readings of the policies.");
    }

    /// <summary>The meter.</summary>
    public Meter Meter { get; }

    /// <summary>The instruments of contexts that belong to no service provider.</summary>
    public static TlsInstruments Default => Shared.Value;

    /// <summary>Whether anybody wants to know how long handshakes take.</summary>
    public bool MeasuresHandshakes => _handshakes.Enabled;

    /// <summary>Starts an activity, which becomes the current one.</summary>
    /// <returns><see langword="null"/>: nobody listens.</returns>
    public static Activity? Start(string name, ActivityKind kind)
    {
        var outer = Activity.Current;
        try
        {
            return Source.Value.StartActivity(name, kind);
        }
        catch (Exception)
        {
            Activity.Current = outer;
            return null;
        }
    }

    /// <summary>Stops an activity, if there is one.</summary>
    public static void Stop(Activity? activity)
    {
        try
        {
            activity?.Stop();
        }
        catch (Exception)
        {
            // A listener threw; see the class.
        }
    }

    /// <summary>Adds a handshake that has ended.</summary>
    public void Handshake(TimeSpan duration, TagList tags)
    {
        try
        {
            _handshakes.Record(duration.TotalSeconds, tags);
        }
        catch (Exception)
        {
            // A listener threw; see the class.
        }
    }

    /// <summary>Counts a connection that failed, or was refused after its handshake.</summary>
    public void Failed(string? upstream, string code)
    {
        if (_failures.Enabled)
        {
            var tags = TagsOf(upstream);
            tags.Add(TelemetryTags.ErrorType, code);
            Count(_failures, tags);
        }
    }

    /// <summary>Counts a setting that weakens security; the caller also logs it.</summary>
    public void Weakened(string? upstream, string weakening)
    {
        if (_weakenings.Enabled)
        {
            var tags = TagsOf(upstream);
            tags.Add(TelemetryTags.Weakening, weakening);
            Count(_weakenings, tags);
        }
    }

    /// <summary>Counts a reading of the policies.</summary>
    public void Reloaded(string outcome) => Count(_reloads, new() { { TelemetryTags.Outcome, outcome } });

    /// <summary>The attributes of every measurement of an upstream.</summary>
    public TagList TagsOf(string? upstream) =>
        upstream is null ? [] : new() { { TelemetryTags.Upstream, _upstreams.Bound(upstream) } };

    /// <summary>The attribute of a host that an upstream's connections go to.</summary>
    public string AddressOf(string? upstream, string host)
    {
        var bounded = _upstreams.Bound(upstream ?? "");
        return _addresses.GetOrAdd(bounded, _ => new BoundedNames(MostAddresses)).Bound(host);
    }

    private static void Count(Counter<long> counter, TagList tags)
    {
        try
        {
            counter.Add(1, tags);
        }
        catch (Exception)
        {
            // A listener threw; see the class.
        }
    }
}
