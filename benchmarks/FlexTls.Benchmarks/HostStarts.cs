using System.Globalization;
using System.Runtime.Versioning;

namespace FlexTls.Benchmarks;

/// <summary>
/// What it takes to start a host with many named clients, each under a policy of its own from one file, against stock
/// clients that were given the same by hand. The two take turns, each time in a new process.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class HostStarts
{
    public const string Stock = "by hand";

    public const string Policies = "policies";

    private const string WithPolicies = "FlexTls";

    public static async Task RunAsync(int rounds)
    {
        Console.WriteLine($"{HostStart.Clients} named clients, {rounds} starts each, from building the host to the end of StartAsync, handlers made; medians");
        Console.WriteLine();
        Console.WriteLine("| client certificates | clients | ms    | ratio | managed MB | ratio | working set MB | ratio |");
        Console.WriteLine("|---------------------|---------|-------|-------|------------|-------|----------------|-------|");
        foreach (var certificates in (string[])["none", ManyPolicies.Certificates])
        {
            var (stock, withPolicies) = (new List<double[]>(), new List<double[]>());
            for (var round = 0; round < rounds; round++)
            {
                stock.Add(await StartAsync(Stock, certificates));
                withPolicies.Add(await StartAsync(WithPolicies, certificates));
            }

            foreach (var (name, starts) in ((string, List<double[]>)[])[(Stock, stock), (WithPolicies, withPolicies)])
            {
                Console.WriteLine($"| {(certificates == "none" ? "none" : "one each"),-19} | {name,-7} | {Cells(starts, stock)} |");
            }
        }

        await RunPoliciesAsync(rounds);
    }

    private static async Task RunPoliciesAsync(int rounds)
    {
        Console.WriteLine();
        Console.WriteLine($"Policies alone, {HostStart.Clients} in a file, one CA, no client certificates, {rounds} starts each; medians");
        Console.WriteLine();
        Console.WriteLine("| policies | ms    | managed MB | working set MB |");
        Console.WriteLine("|----------|-------|------------|----------------|");
        foreach (var policies in (int[])[HostStart.Clients, 10 * HostStart.Clients])
        {
            var starts = new List<double[]>();
            for (var round = 0; round < rounds; round++)
            {
                starts.Add(await StartAsync(Policies, policies.ToString(CultureInfo.InvariantCulture)));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {policies,8} | {Median(starts, 0),5:F0} | {Median(starts, 1),10:F1} | {Median(starts, 2),14:F1} |"));
        }
    }

    private static async Task<double[]> StartAsync(string clients, string certificates)
    {
        using var process = OwnProcess.Start(HostStart.Argument, clients, certificates);
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The host did not start.");
        await process.WaitForExitAsync();
        double[] figures = [.. line.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
        return [figures[0], figures[1] / (1024 * 1024), figures[2] / (1024 * 1024)];
    }

    private static string Cells(List<double[]> starts, List<double[]> baseline) => string.Create(CultureInfo.InvariantCulture,
        $"{Median(starts, 0),5:F0} | {Ratio(starts, baseline, 0):F3} | {Median(starts, 1),10:F1} | {Ratio(starts, baseline, 1):F3} | {Median(starts, 2),14:F1} | {Ratio(starts, baseline, 2):F3}");

    private static double Median(List<double[]> starts, int figure) => Statistics.Median(starts.Select(start => start[figure]));

    private static double Ratio(List<double[]> starts, List<double[]> baseline, int figure) => Median(starts, figure) / Median(baseline, figure);
}
