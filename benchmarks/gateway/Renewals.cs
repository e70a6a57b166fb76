using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace FlexTls.GatewayComparison;

/// <summary>Client certificates that are replaced under load.</summary>
internal static class Renewals
{
    private const int Times = 20;
    private const int Workers = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task CompareAsync(List<Contender> contenders, Site site)
    {
        Report.Line();
        Report.Line($"{Times} replacements of the client certificate under load (HTTP/1.1, {Workers} requests at a time)");
        Report.Line();
        Report.Line("| gateway | takes it up | requests | failed | first request under it, median ms | slowest ms | never seen | connections cut |");
        Report.Line("|---|---|---|---|---|---|---|---|");
        foreach (var contender in contenders)
        {
            if (contender.TakesUp is null)
            {
                Report.Line($"| {contender.Name} | only by a restart | – | – | – | – | – | – |");
                continue;
            }

            await MeasureAsync(contender, site);
        }
    }

    private static async Task MeasureAsync(Contender contender, Site site)
    {
        await using var gateway = await contender.StartAsync(site);
        using var load = new Load(gateway, HttpVersion.Version11, UpstreamServer.Small, Workers);
        await Task.Delay(contender.WarmUp);
        var connections = load.Connections;
        var delays = new List<double>();
        for (var i = 0; i < Times; i++)
        {
            site.Renew();
            var start = Stopwatch.GetTimestamp();
            gateway.Reload();
            while (load.FirstSeen(site.Client) is null && Stopwatch.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5));
            }

            if (load.FirstSeen(site.Client) is { } seen)
            {
                delays.Add(Stopwatch.GetElapsedTime(start, seen).TotalMilliseconds);
            }

            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        await load.StopAsync();
        delays.Sort();
        var times = delays.Count == 0 ? "– | –"
            : string.Create(CultureInfo.InvariantCulture, $"{delays[delays.Count / 2]:F0} | {delays[^1]:F0}");
        Report.Line(
            $"| {contender.Name} | {contender.TakesUp} | {load.Latencies.Count()} | {load.Failures} | {times} "
            + $"| {Times - delays.Count} | {load.Connections - connections} |");
    }
}
