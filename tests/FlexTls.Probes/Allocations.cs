using System.Globalization;

namespace FlexTls.Probes;

/// <summary>
/// Does nothing but send requests, so that all that is allocated is theirs: ADDRESS VERSION WARM-UP REQUESTS ROUNDS,
/// with PEM in CA, KEY and CRT. One line a round: bytes of the platform's handler, bytes of the policy's. With LISTEN,
/// somebody listens to the metrics and traces of FlexTls.
/// </summary>
internal static class Allocations
{
    public static async Task MeasureAsync(string[] args)
    {
        var (address, version) = (new Uri(args[0]), Version.Parse(args[1]));
        var (warmUp, requests, rounds) = (Number(args[2]), Number(args[3]), Number(args[4]));
        if (Environment.ProcessorCount != 1 || !ThreadPool.SetMaxThreads(1, 1))
        {
            throw new InvalidOperationException(
                "Run it with DOTNET_PROCESSOR_COUNT=1: with one thread there is one order of things.");
        }

        using var listeners = Environment.GetEnvironmentVariable("LISTEN") is null ? null : new Listeners();
        await using var clients = new Clients(version);
        await Task.Run(async () =>
        {
            Sender stock = new(clients.Stock, address, version), policy = new(clients.Policy, address, version);
            await stock.SendAsync(warmUp);
            await policy.SendAsync(warmUp);
            for (var round = 0; round < rounds; round++)
            {
                Console.WriteLine($"{await stock.MeasureAsync(requests)} {await policy.MeasureAsync(requests)}");
            }
        });

        if (listeners is { Measurements: 0 } or { Activities: 0 })
        {
            throw new InvalidOperationException("Nothing was measured, not even the handshake.");
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
