using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Spectre.Console;

namespace FlexTls.Benchmarks;

/// <summary>
/// What <c>flextls check</c> costs, against reading the same policies alone, as a program does at its start. The two take
/// turns, each time in a new process.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class PolicyChecks
{
    public const string Argument = "--policy-check";

    private const int Policies = 10_000;
    private const int InOneFile = 1000;
    private const string Read = "read";
    private const string Check = "check";

    public static async Task RunAsync(int rounds)
    {
        var (reads, checks, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            reads.Add(await MeasureAsync(Read));
            checks.Add(await MeasureAsync(Check));
            ratios.Add(checks[^1] / reads[^1]);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Policies} policies, {rounds} rounds, medians: read {Statistics.Median(reads):F0} ms, check {Statistics.Median(checks):F0} ms, ratio {Statistics.Median(ratios):F3}"));
    }

    /// <summary>One of the two, in a process of its own; writes the milliseconds.</summary>
    public static async Task RunOnceAsync(string what)
    {
        var folder = Directory.CreateTempSubdirectory("flextls-benchmark-");
        try
        {
            foreach (var (file, yaml) in new ManyPolicies(Policies, withCertificates: false).Files(InOneFile))
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), yaml);
            }

            var start = Stopwatch.GetTimestamp();
            if (what == Check)
            {
                var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });
                var exitCode = await FlexTlsCommand.RunAsync([Check, folder.FullName], new Terminal(console, Console.Error, console, TextReader.Null));
                if (exitCode != 0)
                {
                    throw new InvalidOperationException($"The check returned {exitCode}.");
                }
            }
            else
            {
                await using var policies = await LoadedPolicies.LoadAsync(tls => tls.AddPolicyFile(folder.FullName), contentRoot: null, at: null, CancellationToken.None);
            }

            Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> MeasureAsync(string what)
    {
        using var process = OwnProcess.Start(Argument, what);
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"'{what}' did not run.");
        await process.WaitForExitAsync();
        return double.Parse(line, CultureInfo.InvariantCulture);
    }
}
