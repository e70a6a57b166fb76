using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;

namespace FlexTls.Benchmarks;

/// <summary>
/// Compares what it costs to validate a server's certificate, without the handshake around it, by the number of trusted
/// CAs. As in <see cref="PairedHandshakes"/> the two take turns, and the control shows how far the figures can be trusted.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class PairedValidations
{
    private const int ValidationsPerTurn = 10;
    private const int WarmUpRounds = 50;

    public static async Task RunAsync(int rounds)
    {
        Console.WriteLine($"{rounds * 2 * ValidationsPerTurn} validations by each in each cell; medians of one");
        Console.WriteLine();
        Console.WriteLine("| server  | CAs | validation   | wall µs | ratio [95 %]         | CPU µs | ratio | bytes  | ratio |");
        Console.WriteLine("|---------|-----|--------------|---------|----------------------|--------|-------|--------|-------|");
        foreach (var key in (KeyKind[])[KeyKind.EcP256, KeyKind.Rsa2048])
        {
            foreach (var trustedCAs in (int[])[1, 10, 146, 500])
            {
                await CompareAsync(key, trustedCAs, rounds);
            }
        }
    }

    private static async Task CompareAsync(KeyKind key, int trustedCAs, int rounds)
    {
        using var scenario = new ValidationScenario(key, trustedCAs);
        await Rounds.PlayAsync(Contenders(scenario), WarmUpRounds, validate => Task.FromResult(TakeTurn(scenario, validate)));
        var contenders = Contenders(scenario);
        await Rounds.PlayAsync(contenders, rounds, validate => Task.FromResult(TakeTurn(scenario, validate)));
        foreach (var contender in contenders)
        {
            Console.WriteLine($"| {key,-7} | {trustedCAs,3} | {contender.Describe(baseline: contenders[0])} |");
        }
    }

    private static List<Contender<Func<X509Certificate2, X509Certificate2, bool>>> Contenders(ValidationScenario scenario) =>
    [
        new("by hand", scenario.ValidateStock),
        new("first", scenario.ValidateUnknown),
        new("context", scenario.ValidateContext),
        new("control", scenario.ValidateStock),
    ];

    private static Turn TakeTurn(ValidationScenario scenario, Func<X509Certificate2, X509Certificate2, bool> validate)
    {
        var received = Enumerable.Range(0, ValidationsPerTurn).Select(_ => scenario.Receive()).ToArray();
        var walls = new double[ValidationsPerTurn];
        var before = ConsumedResources.OfCurrentThread();
        for (var i = 0; i < walls.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var isAccepted = validate(received[i].Server, received[i].Intermediate);
            walls[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            if (!isAccepted)
            {
                throw new InvalidOperationException("A good certificate was refused.");
            }
        }

        var consumed = ConsumedResources.OfCurrentThread() - before;
        foreach (var (server, intermediate) in received)
        {
            server.Dispose();
            intermediate.Dispose();
        }

        return new Turn(walls, consumed / ValidationsPerTurn);
    }
}
