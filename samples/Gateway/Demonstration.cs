using System.Globalization;
using FlexTls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway;

/// <summary>The gateway with three partners, under load, while their certificates change every second.</summary>
internal static class Demonstration
{
    public static async Task<int> RunAsync(TimeSpan time)
    {
        var partners = new List<Partner>();
        foreach (var name in (string[])["orders", "billing", "stock"])
        {
            partners.Add(await Partner.StartAsync(name));
        }

        using var files = new GatewayFiles(partners);

        // Not in yours: its log says what is in force, and why something is not.
        await using var gateway = GatewayApp.Build(
            [$"--contentRoot={files.Folder}", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None"]);
        await gateway.StartAsync();
        var address = new Uri(gateway.Urls.Single());
        using var load = new Load(address, partners.Select(partner => partner.Name));

        Console.WriteLine(
            $"A gateway at {address} with a new client certificate for each of {partners.Count} partners every "
            + $"second.\nIts status page, while it runs: {new Uri(address, "/internal/outbound-tls")}");
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var second = 1; second <= time.TotalSeconds; second++)
        {
            await timer.WaitForNextTickAsync();

            // A machine that is busy with other things may take longer.
            await UntilAsync(EveryCertificateIsSeen);
            Show(second, load, gateway);
            partners.ForEach(files.Renew);
        }

        await UntilAsync(EveryCertificateIsSeen);
        using var client = new HttpClient();
        var health = await client.GetStringAsync(new Uri(address, "/internal/health"));
        var metrics = await client.GetStringAsync(new Uri(address, "/internal/metrics"));
        await load.StopAsync();
        foreach (var partner in partners)
        {
            await partner.DisposeAsync();
        }

        return Report(partners, load, health, metrics);

        bool EveryCertificateIsSeen() =>
            partners.All(partner => partner.Certificates is var (issued, seen) && issued == seen);
    }

    private static void Show(int second, Load load, WebApplication gateway)
    {
        var upstreams = gateway.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams;
        var generations = string.Join(", ", upstreams.Select(upstream => $"{upstream.Name} {upstream.Generation}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{second,4} s  {load.Requests,7:N0} requests  {load.Errors} errors  generations: {generations}"));
    }

    private static bool IsOfInterest(string metric) =>
        metric.StartsWith("flextls_generation{", StringComparison.Ordinal)
        || metric.StartsWith("flextls_connection_failures_total{", StringComparison.Ordinal);

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var patience = 200; patience > 0 && !holds(); patience--)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    private static int Report(List<Partner> partners, Load load, string health, string metrics)
    {
        Console.WriteLine();
        foreach (var partner in partners)
        {
            var (issued, seen) = partner.Certificates;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{partner.Name,-8} saw {partner.Requests,7:N0} requests under {seen} of {issued} client certificates, all issued by its own CA."));
        }

        Console.WriteLine("\nOf its metrics, the generations in force and the failures:");
        foreach (var line in metrics.Split('\n').Where(IsOfInterest))
        {
            Console.WriteLine($"  {line}");
        }

        foreach (var (reason, count) in load.Failures)
        {
            Console.WriteLine($"{count} × {reason}");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{load.Requests:N0} requests, {load.Errors} errors. Health: {health}."));
        var isGood = load.Errors == 0 && partners.All(partner => partner.Certificates is var (issued, seen) && issued == seen);
        Console.WriteLine(isGood ? "Nothing was restarted, and nobody noticed." : "NOT everything came out as announced.");
        return isGood ? 0 : 1;
    }
}
