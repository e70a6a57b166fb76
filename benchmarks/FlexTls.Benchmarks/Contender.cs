using System.Globalization;

namespace FlexTls.Benchmarks;

/// <summary>A client in a paired comparison, and what was measured of it.</summary>
internal sealed class Contender<TClient>(string name, TClient client)
{
    public TClient Client => client;

    public List<Turn> Turns { get; } = [];

    public string Describe(Contender<TClient> baseline)
    {
        var (low, high) = Statistics.RatioInterval(Turns, baseline.Turns);
        return string.Create(CultureInfo.InvariantCulture,
            $"{name,-12} | {Wall,7:F0} | {Wall / baseline.Wall:F3} [{low:F3}, {high:F3}] | {Processor,6:F0} | {Processor / baseline.Processor:F3} | {Bytes,6:F0} | {Bytes / baseline.Bytes:F3}");
    }

    private double Wall => Statistics.MedianWall(Turns);

    private double Processor => Statistics.Median(Turns.Select(turn => turn.PerOperation.Microseconds));

    private double Bytes => Statistics.Median(Turns.Select(turn => (double)turn.PerOperation.Bytes));
}
