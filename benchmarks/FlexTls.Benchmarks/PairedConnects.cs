using System.Diagnostics;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using FlexTls.TestKit;

namespace FlexTls.Benchmarks;

/// <summary>
/// Compares new connections, from TCP to the first byte, by version, key and the number of trusted CAs. As in
/// <see cref="PairedHandshakes"/> the clients take turns, and the control shows how far the figures can be trusted.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class PairedConnects
{
    private const int ConnectionsPerTurn = 10;
    private const int AtOnce = 64;
    private const int WarmUpRounds = 20;

    public static async Task RunAsync(int rounds)
    {
        Console.WriteLine($"Connections of each client in each cell: {rounds * 2 * ConnectionsPerTurn} one by one, "
            + $"{rounds * 2 * AtOnce} by {AtOnce} at once;");
        Console.WriteLine("medians of one, CPU and bytes of the client alone");
        Console.WriteLine();
        Console.WriteLine("| server        | at once | CAs | client       | wall µs | ratio [95 %]         | CPU µs | ratio | bytes  | ratio |");
        Console.WriteLine("|---------------|---------|-----|--------------|---------|----------------------|--------|-------|--------|-------|");
        foreach (var key in (KeyKind[])[KeyKind.EcP256, KeyKind.Rsa2048])
        {
            foreach (var version in (SslProtocols[])[SslProtocols.Tls12, SslProtocols.Tls13])
            {
                foreach (var trustedCAs in (int[])[1, 146, 500])
                {
                    await CompareAsync(key, version, atOnce: 1, trustedCAs, rounds);
                }

                await CompareAsync(key, version, AtOnce, trustedCAs: 1, rounds);
            }
        }
    }

    private static async Task CompareAsync(KeyKind key, SslProtocols version, int atOnce, int trustedCAs, int rounds)
    {
        using var scenario = new ConnectScenario(key, version, trustedCAs);
        Func<Func<ValueTask<SslStream>>, Task<Turn>> takeTurn =
            connect => atOnce > 1 ? TakeTurnAtOnceAsync(scenario, connect) : TakeTurnAsync(scenario, connect);
        await Rounds.PlayAsync(Contenders(scenario), WarmUpRounds, takeTurn);
        var contenders = Contenders(scenario);
        await Rounds.PlayAsync(contenders, rounds, takeTurn);
        foreach (var contender in contenders)
        {
            Console.WriteLine($"| {key,-7} {version} | {atOnce,7} | {trustedCAs,3} | {contender.Describe(baseline: contenders[0])} |");
        }
    }

    private static List<Contender<Func<ValueTask<SslStream>>>> Contenders(ConnectScenario scenario) =>
    [
        new("by hand", scenario.ConnectStockAsync),
        new("limit", scenario.ConnectLimitAsync),
        new("context", scenario.ConnectContextAsync),
        new("control", scenario.ConnectStockAsync),
    ];

    private static async Task<Turn> TakeTurnAsync(ConnectScenario scenario, Func<ValueTask<SslStream>> connect)
    {
        // A first connection outside the measurement tells where the server's own figures stand.
        var serverBefore = (await ConnectAsync(scenario, connect)).Server;
        var before = ConsumedResources.OfProcess();
        var serverAfter = serverBefore;
        var walls = new double[ConnectionsPerTurn];
        for (var i = 0; i < walls.Length; i++)
        {
            (walls[i], serverAfter) = await ConnectAsync(scenario, connect);
        }

        var consumed = ConsumedResources.OfProcess() - before - (serverAfter - serverBefore);
        return new Turn(walls, consumed / ConnectionsPerTurn);
    }

    /// <summary>The server serves one after the other, so a connection's wall time is its share of the whole.</summary>
    private static async Task<Turn> TakeTurnAtOnceAsync(ConnectScenario scenario, Func<ValueTask<SslStream>> connect)
    {
        var serverBefore = (await ConnectAsync(scenario, connect)).Server;
        var before = ConsumedResources.OfProcess();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => ReadOneAsync(connect))));
        var wall = Stopwatch.GetElapsedTime(start).TotalMicroseconds / AtOnce;
        var serverAfter = serverBefore;
        for (var i = 0; i < AtOnce; i++)
        {
            serverAfter = await scenario.FinishedAsync();
        }

        return new Turn([wall], (ConsumedResources.OfProcess() - before - (serverAfter - serverBefore)) / AtOnce);
    }

    private static async Task ReadOneAsync(Func<ValueTask<SslStream>> connect)
    {
        await using var stream = await connect();
        await stream.ReadExactlyAsync(new byte[1]);
    }

    private static async Task<(double Wall, ConsumedResources Server)> ConnectAsync(
        ConnectScenario scenario, Func<ValueTask<SslStream>> connect)
    {
        var start = Stopwatch.GetTimestamp();
        await ReadOneAsync(connect);
        return (Stopwatch.GetElapsedTime(start).TotalMicroseconds, await scenario.FinishedAsync());
    }
}
