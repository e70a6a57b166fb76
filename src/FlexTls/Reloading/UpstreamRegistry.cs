using System.Diagnostics.CodeAnalysis;
using FlexTls.Diagnostics;
using FlexTls.Sources;
using FlexTls.Upstreams;
using FlexTls.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace FlexTls.Reloading;

/// <summary>
/// Loads the upstreams once, when the host starts or something needs them first, and keeps them up to date. A first
/// load that fails stays a failure.
/// </summary>
internal sealed class UpstreamRegistry : IOutboundTlsContextProvider, IDisposable, IAsyncDisposable
{
    private readonly Lazy<(LoadedUpstreams Upstreams, Reloader Reloader)> _loaded;
    private volatile bool _isLoading;
    private volatile bool _isDisposed;

    public UpstreamRegistry(OutboundTlsSources sources, IServiceProvider services) =>
        _loaded = new Lazy<(LoadedUpstreams Upstreams, Reloader Reloader)>(() =>
        {
            _isLoading = true;
            try
            {
                return Load(sources, services);
            }
            finally
            {
                _isLoading = false;
            }
        });

    /// <summary>
    /// Whether the first load is under way. The code that it calls, such as policies in code, may make clients, which
    /// cannot wait for it.
    /// </summary>
    public bool IsLoading => _isLoading;

    /// <exception cref="TlsPolicyException">The registered policies cannot be used.</exception>
    public LoadedUpstreams Loaded => Value.Upstreams;

    /// <exception cref="TlsPolicyException">The registered policies cannot be used.</exception>
    public Reloader Reloader => Value.Reloader;

    private (LoadedUpstreams Upstreams, Reloader Reloader) Value
    {
        get
        {
            if (_loaded.IsValueCreated)
            {
                return _loaded.Value;
            }

            using var held = SafeLogger.Hold();
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var loaded = _loaded.Value;
            if (_isDisposed)
            {
                // Disposed meanwhile, when there was nothing to end yet.
                EndAsync(loaded).AsTask().GetAwaiter().GetResult();
                throw new ObjectDisposedException(GetType().FullName);
            }

            return loaded;
        }
    }

    public OutboundTlsContext GetContext(string name) => Find(name).Context;

    public bool TryGetContext(string name, [NotNullWhen(true)] out OutboundTlsContext? context)
    {
        ArgumentNullException.ThrowIfNull(name);
        context = Loaded.Find(name, out _)?.Context;
        return context is not null;
    }

    public IChangeToken GetReloadToken(string name) => Find(name).Current.ReloadToken;

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (_loaded.IsValueCreated)
        {
            await EndAsync(_loaded.Value).ConfigureAwait(false);
        }
    }

    private Upstream Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Loaded.Find(name, out var problem) ?? throw new KeyNotFoundException(problem);
    }

    private static async ValueTask EndAsync((LoadedUpstreams Upstreams, Reloader Reloader) loaded)
    {
        await loaded.Reloader.DisposeAsync().ConfigureAwait(false);
        loaded.Upstreams.Dispose();
    }

    private static (LoadedUpstreams Upstreams, Reloader Reloader) Load(OutboundTlsSources sources, IServiceProvider services)
    {
        var loader = new UpstreamLoader(sources, services);
        var loaded = loader.Load(out var readings);
        loaded.Tell(services.GetRequiredService<IUpstreamObserver>());

        // The first use may be a request's, of which what runs from now on must keep nothing.
        using var detached = Detached.Begin();
        var logger = SafeLogger.Create(services.GetService<ILoggerFactory>);
        return (loaded, new Reloader(loader, loaded, readings, sources, services.GetService<TimeProvider>() ?? TimeProvider.System, logger));
    }
}
