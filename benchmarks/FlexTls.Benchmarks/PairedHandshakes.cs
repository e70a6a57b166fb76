using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Authentication;
using FlexTls.TestKit;

namespace FlexTls.Benchmarks;

/// <summary>
/// Compares handshakes where the machine is too noisy to compare separate runs: the clients take turns, and what
/// disturbs one disturbs the others. The hand-written client takes part twice; how far the control differs from the
/// baseline is how far the figures can be trusted. Linux only, for the processor time of a single thread.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class PairedHandshakes
{
    private const int HandshakesPerTurn = 10;
    private const int WarmUpRounds = 50;

    public static async Task RunAsync(int rounds)
    {
        Console.WriteLine($"{rounds * 2 * HandshakesPerTurn} handshakes of each client in each cell; medians of one, CPU and bytes of the client alone");
        Console.WriteLine("| server        | client       | wall µs | ratio [95 %]         | CPU µs | ratio | bytes  | ratio |");
        Console.WriteLine("|---------------|--------------|---------|----------------------|--------|-------|--------|-------|");
        foreach (var key in (KeyKind[])[KeyKind.EcP256, KeyKind.Rsa2048])
        {
            foreach (var version in (SslProtocols[])[SslProtocols.Tls12, SslProtocols.Tls13])
            {
                await CompareAsync(key, version, rounds);
            }
        }
    }

    private static async Task CompareAsync(KeyKind key, SslProtocols version, int rounds)
    {
        using var scenario = new HandshakeScenario(key, version);
        await TakeTurnsAsync(scenario, Contenders(scenario), WarmUpRounds);
        var contenders = Contenders(scenario);
        await TakeTurnsAsync(scenario, contenders, rounds);
        foreach (var contender in contenders)
        {
            Console.WriteLine($"| {key,-7} {version} | {contender.Describe(baseline: contenders[0])} |");
        }
    }

    private static List<Contender> Contenders(HandshakeScenario scenario) =>
    [
        new("hand-written", scenario.AuthenticateHandWrittenAsync),
        new("context", scenario.AuthenticateContextAsync),
        new("control", scenario.AuthenticateHandWrittenAsync),
    ];

    /// <summary>Forth and back in every round, so that a drift weighs on all alike.</summary>
    private static async Task TakeTurnsAsync(HandshakeScenario scenario, List<Contender> contenders, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in contenders.Concat(contenders.AsEnumerable().Reverse()))
            {
                contender.Turns.Add(await TakeTurnAsync(scenario, contender));
            }
        }
    }

    private static async Task<Turn> TakeTurnAsync(HandshakeScenario scenario, Contender contender)
    {
        // A first handshake outside the measurement tells where the server's own figures stand.
        var serverBefore = (await HandshakeAsync(scenario, contender)).Server;
        var before = ConsumedResources.OfProcess();
        var serverAfter = serverBefore;
        var walls = new double[HandshakesPerTurn];
        for (var i = 0; i < walls.Length; i++)
        {
            (walls[i], serverAfter) = await HandshakeAsync(scenario, contender);
        }

        var consumed = ConsumedResources.OfProcess() - before - (serverAfter - serverBefore);
        return new Turn(walls, consumed / HandshakesPerTurn);
    }

    private static async Task<(double Wall, ConsumedResources Server)> HandshakeAsync(HandshakeScenario scenario, Contender contender)
    {
        var transport = await scenario.ConnectAsync();
        var start = Stopwatch.GetTimestamp();
        var stream = await contender.AuthenticateAsync(transport);
        var wall = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        await stream.DisposeAsync();
        return (wall, await scenario.FinishedAsync());
    }
}
