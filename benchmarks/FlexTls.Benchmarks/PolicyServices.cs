using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Benchmarks;

/// <summary>The upstreams of a <see cref="PolicyFolder"/>, and a client of the one that changes, got once and kept.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class PolicyServices : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly PolicyFolder _folder;

    public PolicyServices(PolicyFolder folder, bool isWatched)
    {
        _folder = folder;
        var services = new ServiceCollection();
        services.AddOutboundTls(tls =>
        {
            tls.AddPolicyFile(folder.Path);
            tls.ReloadOnChange = isWatched;
        });
        services.AddHttpClient(folder.Changing).AddOutboundTls();
        _services = services.BuildServiceProvider();
    }

    public HttpClient Client => _services.GetRequiredService<IHttpClientFactory>().CreateClient(_folder.Changing);

    /// <summary>What was done so far, with the first load: units read, generations made.</summary>
    public (int UnitsRead, int GenerationsMade) Work => _services.GetRequiredService<UpstreamRegistry>().Reloader.Work;

    /// <summary>Loads everything for the first time.</summary>
    public OutboundTlsContext Load() => _services.GetRequiredService<IOutboundTlsContextProvider>().GetContext(_folder.Changing);

    public async Task ReloadAsync() => await _services.GetRequiredService<IOutboundTlsManager>().ReloadAsync();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
