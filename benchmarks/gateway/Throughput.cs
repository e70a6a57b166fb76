using System.Globalization;
using System.Net;

namespace FlexTls.GatewayComparison;

/// <summary>Requests a second, CPU for each request, and latency, in turns.</summary>
internal static class Throughput
{
    private const int Workers = 32;

    public static async Task CompareAsync(List<Contender> contenders, Site site, int rounds, TimeSpan time)
    {
        Report.Line(
            $"{Workers} requests at a time, {rounds} turns of {time.TotalSeconds:0} s each, medians; "
            + "the gateway has one core, load and upstream the other");
        Report.Line();
        Report.Line("| to the client | answer | gateway         | requests/s | CPU µs a request | ratio | p99 ms | failed |");
        Report.Line("|---|---|---|---|---|---|---|---|");
        var running = new List<RunningContender>();
        foreach (var contender in contenders)
        {
            running.Add(await contender.StartAsync(site));
        }

        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            foreach (var path in (string[])[UpstreamServer.Small, UpstreamServer.Large])
            {
                await CompareAsync(running, rounds, time, version, path);
            }
        }

        foreach (var gateway in running)
        {
            await gateway.DisposeAsync();
        }
    }

    private static async Task CompareAsync(
        List<RunningContender> gateways, int rounds, TimeSpan time, Version version, string path)
    {
        foreach (var gateway in gateways)
        {
            await MeasureAsync(gateway, version, path, gateway.Contender.WarmUp);
        }

        var turns = gateways.Select(_ => new List<Turn>()).ToList();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < gateways.Count; i++)
            {
                turns[i].Add(await MeasureAsync(gateways[i], version, path, time));
            }
        }

        var baseline = turns[gateways.FindIndex(gateway => gateway.Contender is StockGateway)];
        var answer = path == UpstreamServer.Small ? "100 B" : "64 KiB";
        for (var i = 0; i < gateways.Count; i++)
        {
            var cpu = Median(turns[i], turn => turn.Cpu);
            Report.Line(string.Create(CultureInfo.InvariantCulture,
                $"| HTTP/{version} | {answer} | {gateways[i].Contender.Name,-15} "
                + $"| {Median(turns[i], turn => turn.Rate),10:F0} | {cpu,16:F1} "
                + $"| {cpu / Median(baseline, turn => turn.Cpu):F3} | {Median(turns[i], turn => turn.P99):F2} "
                + $"| {turns[i].Sum(turn => turn.Failures)} |"));
        }
    }

    private static async Task<Turn> MeasureAsync(RunningContender gateway, Version version, string path, TimeSpan time)
    {
        var before = gateway.Process.CpuTime;
        using var load = new Load(gateway, version, path, Workers);
        await Task.Delay(time);
        await load.StopAsync();
        var latencies = load.Latencies.Order().ToList();
        return new Turn(
            latencies.Count / time.TotalSeconds, (gateway.Process.CpuTime - before).TotalMicroseconds / latencies.Count,
            latencies[(int)(latencies.Count * 0.99)], load.Failures);
    }

    private static double Median(List<Turn> turns, Func<Turn, double> figure) =>
        turns.Select(figure).Order().ElementAt(turns.Count / 2);

    private sealed record Turn(double Rate, double Cpu, double P99, int Failures);
}
