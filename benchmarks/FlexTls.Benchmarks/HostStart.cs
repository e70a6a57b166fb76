using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlexTls.Benchmarks;

/// <summary>
/// One start of a host with many named clients, in a process of its own, because a process starts and grows once. It
/// writes what that took in one line.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class HostStart
{
    public const string Argument = "--host-start";
    public const int Clients = 1000;

    public static async Task RunAsync(string[] arguments)
    {
        var policies = new ManyPolicies(Clients, withCertificates: arguments[1] == ManyPolicies.Certificates);
        var folder = Directory.CreateTempSubdirectory("flextls-benchmark-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "policies.yaml"), policies.Yaml());
            var isStock = arguments[0] == HostStarts.Stock;
            var before = Memory();
            var start = Stopwatch.GetTimestamp();
            var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.FullName });
            builder.Logging.ClearProviders();
            if (isStock)
            {
                policies.AddStockClients(builder.Services);
            }
            else
            {
                policies.AddClients(builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("policies.yaml")));
            }

            using var host = builder.Build();
            await host.StartAsync();
            if (isStock)
            {
                policies.MakeHandlers(host.Services);
            }

            var elapsed = Stopwatch.GetElapsedTime(start);
            var after = Memory();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalMilliseconds} {after.Managed - before.Managed} {after.WorkingSet - before.WorkingSet}"));
            await host.StopAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (long Managed, long WorkingSet) Memory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }
}
