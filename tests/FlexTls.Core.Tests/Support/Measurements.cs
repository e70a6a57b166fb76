using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FlexTls.Support;

/// <summary>What the meter measured of one upstream.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Dictionary<string, object?>> _seen = new();

    private Measurements()
    {
    }

    public IReadOnlyList<Dictionary<string, object?>> Seen => [.. _seen];

    public static Measurements Of(string instrument, string upstream)
    {
        var measurements = new Measurements();
        measurements._listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Meter.Name == "FlexTls" && published.Name == instrument)
            {
                listener.EnableMeasurementEvents(published);
            }
        };
        measurements._listener.SetMeasurementEventCallback<double>((_, value, tags, _) => Add(value, tags));
        measurements._listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Add(value, tags));
        measurements._listener.Start();
        return measurements;

        void Add(object value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var named = tags.ToArray().ToDictionary();
            if (named.GetValueOrDefault("flextls.upstream") as string == upstream)
            {
                named[""] = value;
                measurements._seen.Enqueue(named);
            }
        }
    }

    public void Dispose() => _listener.Dispose();
}
