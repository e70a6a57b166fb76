using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Rotation;

/// <summary>
/// What the meter of FlexTls has counted so far. A program of yours exports it with OpenTelemetry: docs/operations.md.
/// </summary>
internal sealed class Metrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public Metrics()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "FlexTls", Name: "flextls.handshake.duration" or "flextls.reloads" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Count("handshakes", Find(tags, "error.type")));
        _listener.SetMeasurementEventCallback<long>(
            (_, _, tags, _) => Count("reloads", Find(tags, "flextls.reload.outcome")));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    public override string ToString() =>
        string.Join(", ", _counts.OrderBy(count => count.Key).Select(count => $"{count.Value} {count.Key}"));

    private static string? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var (key, value) in tags)
        {
            if (key == name)
            {
                return value?.ToString();
            }
        }

        return null;
    }

    private void Count(string what, string? how) =>
        _counts.AddOrUpdate(how is null ? what : $"{how} {what}", 1, static (_, count) => count + 1);
}
