using FlexTls.Sources;
using FlexTls.Upstreams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlexTls.Clients;

/// <summary>Before anything in the host starts: all policies are read, and all clients that were bound by name are made.</summary>
internal sealed class StartupCheck(OutboundTlsSources sources, UpstreamRegistry registry, IServiceProvider services) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var faults = new List<TlsPolicyDiagnostic>();
        Collect(faults, () => _ = registry.Loaded);
        if (services.GetService<IHttpMessageHandlerFactory>() is { } factory)
        {
            foreach (var (client, _) in sources.Clients)
            {
                Collect(faults, () => factory.CreateHandler(client));
            }
        }

        return faults.Count == 0 ? Task.CompletedTask : throw new TlsPolicyException(faults.Distinct());
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void Collect(List<TlsPolicyDiagnostic> faults, Action check)
    {
        try
        {
            check();
        }
        catch (TlsPolicyException e)
        {
            faults.AddRange(e.Diagnostics);
        }
    }
}
