using System.Diagnostics.CodeAnalysis;
using FlexTls.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Upstreams;

/// <summary>Loads the upstreams once, when the host starts or something needs them first. A failure stays a failure.</summary>
internal sealed class UpstreamRegistry : ITlsContextProvider, IDisposable
{
    private readonly Lazy<LoadedUpstreams> _loaded;

    public UpstreamRegistry(OutboundTlsSources sources, IServiceProvider services) =>
        _loaded = new Lazy<LoadedUpstreams>(() =>
        {
            var loaded = new UpstreamLoader(sources, services).Load();
            loaded.Tell(services.GetRequiredService<IUpstreamObserver>());
            return loaded;
        });

    /// <exception cref="TlsPolicyException">The registered policies cannot be used.</exception>
    public LoadedUpstreams Loaded => _loaded.Value;

    public TlsContext GetContext(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Loaded.Find(name, out var problem)?.Context ?? throw new KeyNotFoundException(problem);
    }

    public bool TryGetContext(string name, [NotNullWhen(true)] out TlsContext? context)
    {
        ArgumentNullException.ThrowIfNull(name);
        context = Loaded.Find(name, out _)?.Context;
        return context is not null;
    }

    public void Dispose()
    {
        if (_loaded.IsValueCreated)
        {
            Loaded.Dispose();
        }
    }
}
