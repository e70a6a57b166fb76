using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FlexTls.Probes;

/// <summary>Listens to the meter and the activities of FlexTls, as a pipeline does.</summary>
internal sealed class Listeners : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;

    public Listeners()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "FlexTls")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<double>((_, _, _, _) => Measurements++);
        _meters.SetMeasurementEventCallback<long>((_, _, _, _) => Measurements++);
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "FlexTls",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ => Activities++,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public int Measurements { get; private set; }

    public int Activities { get; private set; }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }
}
