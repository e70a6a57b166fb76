using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters;

/// <summary>Services with a policy file for each tenant, whose client certificate names the tenant.</summary>
internal sealed class Tenants : IAsyncDisposable
{
    private readonly PolicyFiles _files = new();

    public Tenants(params string[] names)
        : this(names, _ => { })
    {
    }

    public Tenants(string[] names, Action<IServiceCollection> configure)
    {
        foreach (var name in names)
        {
            Write(name);
        }

        var services = new ServiceCollection();
        services.AddOutboundTls(tls =>
        {
            tls.AddPolicyFile(_files.Pattern);
            tls.ReloadOnChange = false;
        });
        configure(services);
        All = services.BuildServiceProvider();
    }

    public ServiceProvider All { get; }

    public IOutboundTlsHandlerFactory Handlers => All.GetRequiredService<IOutboundTlsHandlerFactory>();

    public IReadOnlyList<UpstreamTlsStatus> Status =>
        All.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams;

    public HttpClient Client(string name) => All.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    /// <summary>Writes a tenant's policy and a new certificate, as <see cref="PolicyFiles.Write"/> does.</summary>
    public void Write(string name, string? subject = null, string config = "") => _files.Write(name, subject, config);

    public Task ReloadAsync() => All.GetRequiredService<IOutboundTlsManager>().ReloadAsync(Deadline.Token());

    public async ValueTask DisposeAsync()
    {
        await All.DisposeAsync();
        _files.Dispose();
    }
}
