using System.Diagnostics.Metrics;
using System.Globalization;

namespace FlexTls.Pages.Mistakes;

/// <summary>What the meters of one program have measured, a line for each series.</summary>
internal sealed class RecordedMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _series = new(StringComparer.Ordinal);

    public RecordedMetrics(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "FlexTls" && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The series, with the last value of a gauge and the number of measurements of the others.</summary>
    public IReadOnlyList<string> Lines()
    {
        _listener.RecordObservableInstruments();
        lock (_series)
        {
            return
            [
                .. _series.OrderBy(one => one.Key, StringComparer.Ordinal).Select(
                    one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} {Math.Floor(one.Value)}")),
            ];
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new List<string>();
        foreach (var (name, tag) in tags)
        {
            labels.Add($"{name}={tag}");
        }

        var series = $"{instrument.Name}{{{string.Join(", ", labels.Order(StringComparer.Ordinal))}}}";
        lock (_series)
        {
            _series[series] = instrument.IsObservable ? value : _series.GetValueOrDefault(series) + 1;
        }
    }
}
