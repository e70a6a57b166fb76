using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlexTls.Benchmarks;

/// <summary>
/// One start of a host with many named clients, or with policies alone, in a process of its own, because a process starts and grows once. It
/// writes what that took in one line.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class HostStart
{
    public const string Argument = "--host-start";
    public const int Clients = 1000;

    public static async Task RunAsync(string[] arguments)
    {
        var isOnlyPolicies = arguments[0] == HostStarts.Policies;
        var policies = new ManyPolicies(
            isOnlyPolicies ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : Clients,
            withCertificates: arguments[1] == ManyPolicies.Certificates);
        var folder = Directory.CreateTempSubdirectory("flextls-benchmark-");
        try
        {
            foreach (var (file, yaml) in policies.Files(Clients))
            {
                File.WriteAllText(Path.Combine(folder.FullName, file), yaml);
            }

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
                builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("*.yaml"));
                if (!isOnlyPolicies)
                {
                    policies.AddClients(builder.Services);
                }
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
