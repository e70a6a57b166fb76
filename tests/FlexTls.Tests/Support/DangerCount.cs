using System.Diagnostics.Metrics;

namespace FlexTls.Support;

/// <summary>What was counted as dangerous of one client.</summary>
internal sealed class DangerCount : IDisposable
{
    private readonly MeterListener _meters = new();

    public List<string> Seen { get; } = [];

    public static DangerCount Of(string client)
    {
        var count = new DangerCount();
        count._meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "FlexTls" && instrument.Name == "flextls.weakenings")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        count._meters.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value as string);
            if (named.GetValueOrDefault("flextls.upstream") == client)
            {
                count.Seen.Add($"{value} {named["flextls.weakening"]}");
            }
        });
        count._meters.Start();
        return count;
    }

    public void Dispose() => _meters.Dispose();
}
