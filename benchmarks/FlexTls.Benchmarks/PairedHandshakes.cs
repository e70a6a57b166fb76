using System.Diagnostics;
using System.Net.Security;
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
        Console.WriteLine();
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
        await Rounds.PlayAsync(Contenders(scenario), WarmUpRounds, client => TakeTurnAsync(scenario, client));
        var contenders = Contenders(scenario);
        await Rounds.PlayAsync(contenders, rounds, client => TakeTurnAsync(scenario, client));
        foreach (var contender in contenders)
        {
            Console.WriteLine($"| {key,-7} {version} | {contender.Describe(baseline: contenders[0])} |");
        }
    }

    private static List<Contender<Func<Stream, ValueTask<SslStream>>>> Contenders(HandshakeScenario scenario) =>
    [
        new("hand-written", scenario.AuthenticateHandWrittenAsync),
        new("context", scenario.AuthenticateContextAsync),
        new("control", scenario.AuthenticateHandWrittenAsync),
    ];

    private static async Task<Turn> TakeTurnAsync(HandshakeScenario scenario, Func<Stream, ValueTask<SslStream>> authenticate)
    {
        // A first handshake outside the measurement tells where the server's own figures stand.
        var serverBefore = (await HandshakeAsync(scenario, authenticate)).Server;
        var before = ConsumedResources.OfProcess();
        var serverAfter = serverBefore;
        var walls = new double[HandshakesPerTurn];
        for (var i = 0; i < walls.Length; i++)
        {
            (walls[i], serverAfter) = await HandshakeAsync(scenario, authenticate);
        }

        var consumed = ConsumedResources.OfProcess() - before - (serverAfter - serverBefore);
        return new Turn(walls, consumed / HandshakesPerTurn);
    }

    private static async Task<(double Wall, ConsumedResources Server)> HandshakeAsync(
        HandshakeScenario scenario, Func<Stream, ValueTask<SslStream>> authenticate)
    {
        var transport = await scenario.ConnectAsync();
        var start = Stopwatch.GetTimestamp();
        var stream = await authenticate(transport);
        var wall = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        await stream.DisposeAsync();
        return (wall, await scenario.FinishedAsync());
    }
}
