using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace FlexTls.Benchmarks;

/// <summary>
/// How long a change of a client certificate takes from the disk to the wire, and what a change of one upstream of many
/// costs against a first load of all.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class Rotations
{
    private const int Upstreams = 1000;

    public static async Task RunAsync(int rounds)
    {
        Console.WriteLine($"From the write of a new client certificate to the first answer to it, {rounds} changes each");
        Console.WriteLine("| found by    | median ms | 95 % ms | of which quiet ms |");
        Console.WriteLine("|-------------|-----------|---------|-------------------|");
        foreach (var isWatched in (bool[])[false, true])
        {
            var delays = await ChangeToWireAsync(rounds, isWatched);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {FoundBy(isWatched),-11} | {Statistics.Median(delays),9:F1} | {Percentile95(delays),7:F1} | {Quiet(isWatched),17:F0} |"));
        }

        Console.WriteLine();
        Console.WriteLine($"One changed of {Upstreams} upstreams, until it is in force, without the quiet period; {rounds} times each, medians");
        Console.WriteLine("| policies in | what                | ms     | ratio | units read | generations made |");
        Console.WriteLine("|-------------|---------------------|--------|-------|------------|------------------|");
        foreach (var inOneFile in (bool[])[false, true])
        {
            await CompareAsync(rounds, inOneFile);
        }
    }

    private static string FoundBy(bool isWatched) => isWatched ? "watching" : "ReloadAsync";

    private static double Quiet(bool isWatched) => isWatched ? SettlingChanges.QuietPeriod.TotalMilliseconds : 0;

    private static double Percentile95(List<double> values) => values.Order().ElementAt((int)(values.Count * 0.95));

    private static async Task<List<double>> ChangeToWireAsync(int rounds, bool isWatched)
    {
        using var root = TestCA.Root();
        await using var server = await StartServerAsync(root);
        using var folder = new PolicyFolder(1, root.Pem, inOneFile: false);
        await using var services = new PolicyServices(folder, isWatched);
        var (client, address) = (services.Client, new UriBuilder(server.Urls.Single()) { Host = "localhost" }.Uri);
        await client.GetStringAsync(address);
        var delays = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var serial = folder.Change();
            var start = Stopwatch.GetTimestamp();
            if (!isWatched)
            {
                await services.ReloadAsync();
            }

            // Requests over the old connection are quick: they tell the moment of the swap.
            while (await client.GetStringAsync(address) != serial)
            {
            }

            delays.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return delays;
    }

    private static async Task CompareAsync(int rounds, bool inOneFile)
    {
        using var root = TestCA.Root();
        using var folder = new PolicyFolder(Upstreams, root.Pem, inOneFile);
        var loads = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            await using var services = new PolicyServices(folder, isWatched: false);
            var start = Stopwatch.GetTimestamp();
            services.Load();
            loads.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        var where = inOneFile ? "one file" : "a file each";
        Write(where, "first load", loads, loads, (inOneFile ? 1 : Upstreams, Upstreams));
        foreach (var isWatched in (bool[])[false, true])
        {
            await using var services = new PolicyServices(folder, isWatched);
            var context = services.Load();
            var first = services.Work;
            var changes = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                changes.Add(await ChangeAsync(folder, services, context, isWatched));
            }

            var work = services.Work;
            Write(where, isWatched ? "watched change" : "ReloadAsync", changes, loads, ((work.UnitsRead - first.UnitsRead) / rounds, (work.GenerationsMade - first.GenerationsMade) / rounds));
        }
    }

    private static async Task<double> ChangeAsync(PolicyFolder folder, PolicyServices services, OutboundTlsContext context, bool isWatched)
    {
        var before = context.Policy;
        folder.Change();
        var start = Stopwatch.GetTimestamp();
        if (!isWatched)
        {
            await services.ReloadAsync();
        }

        while (ReferenceEquals(context.Policy, before))
        {
            await Task.Delay(1);
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds - Quiet(isWatched);
    }

    private static void Write(string where, string what, List<double> values, List<double> baseline, (int UnitsRead, int GenerationsMade) work) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {where,-11} | {what,-19} | {Statistics.Median(values),6:F1} | {Statistics.Median(values) / Statistics.Median(baseline),5:F3} | {work.UnitsRead,10} | {work.GenerationsMade,16} |"));

    private static async Task<WebApplication> StartServerAsync(TestCA root)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = root.IssueServer("localhost");
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (_, _, _) => true;
        })));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(context.Connection.ClientCertificate!.SerialNumber));
        await app.StartAsync();
        return app;
    }
}
