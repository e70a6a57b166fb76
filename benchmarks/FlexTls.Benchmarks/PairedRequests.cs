using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using System.Security.Authentication;

namespace FlexTls.Benchmarks;

/// <summary>
/// Compares requests of named clients: over a connection that is there already, and over a new one each. As in
/// <see cref="PairedHandshakes"/> the clients take turns, and a second stock client shows how far the figures can be
/// trusted.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class PairedRequests
{
    private const int WarmUpRounds = 30;

    public static async Task RunAsync(int rounds)
    {
        Console.WriteLine($"{rounds * 2} turns of each client in each cell, of {RequestsPerTurn(true)} requests over one connection or {RequestsPerTurn(false)} over a new one each;");
        Console.WriteLine("medians of one request, CPU and bytes of the client's process alone");
        Console.WriteLine();
        Console.WriteLine("| connection | HTTP | TLS   | client       | wall µs | ratio [95 %]         | CPU µs | ratio | bytes  | ratio |");
        Console.WriteLine("|------------|------|-------|--------------|---------|----------------------|--------|-------|--------|-------|");
        foreach (var tls in (SslProtocols[])[SslProtocols.Tls13, SslProtocols.Tls12])
        {
            using var server = await HttpServerProcess.StartAsync(tls);
            foreach (var isReused in (bool[])[true, false])
            {
                foreach (var http in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
                {
                    await using var scenario = new HttpScenario(server, http, isReused);
                    await CompareAsync(scenario, $"| {(isReused ? "reused" : "new"),-10} | {http,-4} | {tls} ", isReused, rounds);
                }
            }
        }
    }

    private static async Task CompareAsync(HttpScenario scenario, string head, bool isReused, int rounds)
    {
        foreach (var contender in scenario.Contenders())
        {
            await scenario.VerifyAsync(contender.Client);
        }

        await Rounds.PlayAsync(scenario.Contenders(), WarmUpRounds, client => TakeTurnAsync(scenario, client, isReused));
        var contenders = scenario.Contenders();
        await Rounds.PlayAsync(contenders, rounds, client => TakeTurnAsync(scenario, client, isReused));
        foreach (var contender in contenders)
        {
            Console.WriteLine($"{head}| {contender.Describe(baseline: contenders[0])} |");
        }
    }

    private static int RequestsPerTurn(bool isReused) => isReused ? 100 : 10;

    private static async Task<Turn> TakeTurnAsync(HttpScenario scenario, HttpClient client, bool isReused)
    {
        // A first request outside the measurement lets the client before finish what it does in the background.
        await scenario.RequestAsync(client);
        var walls = new double[RequestsPerTurn(isReused)];
        var before = ConsumedResources.OfProcess();
        for (var i = 0; i < walls.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await scenario.RequestAsync(client);
            walls[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        return new Turn(walls, (ConsumedResources.OfProcess() - before) / walls.Length);
    }
}
