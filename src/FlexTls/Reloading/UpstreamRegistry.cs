using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Primitives;

namespace FlexTls;

/// <summary>
/// The upstreams of a program. They are loaded once, when the host starts or at the first use, and kept up to date. If
/// the first load fails, it stays failed.
/// </summary>
internal sealed class UpstreamRegistry : IOutboundTlsContextProvider, IDisposable, IAsyncDisposable
{
    private readonly Lazy<Parts> _parts;
    private volatile bool _isLoading;
    private volatile bool _isDisposed;

    /// <param name="registered">What was registered.</param>
    /// <param name="services">
    /// Used only at the first load: a log or a clock may itself use an HttpClient, which needs this registry.
    /// </param>
    /// <param name="telemetry">The logs and the meter of the program.</param>
    public UpstreamRegistry(
        OutboundTlsRegistration registered, IServiceProvider services, ProgramTelemetry telemetry) =>
        _parts = new Lazy<Parts>(() => LoadOnce(registered, services, telemetry));

    /// <summary>
    /// Whether the first load is under way. The code that it calls, such as policies in code, may make clients, which
    /// cannot wait for it.
    /// </summary>
    public bool IsLoading => _isLoading;

    /// <summary>Whether the policies are loaded, without a fault.</summary>
    public bool IsLoaded => _parts.IsValueCreated;

    /// <summary>
    /// Whether the caller runs within the first load, such as a provider of secrets, and so cannot wait for its end.
    /// </summary>
    public bool IsNeededByItself => _isLoading && LoadScope.IsIn(this);

    /// <exception cref="TlsPolicyException">The registered policies cannot be used.</exception>
    public UpstreamTable Table => Loaded.Table;

    /// <exception cref="TlsPolicyException">The registered policies cannot be used.</exception>
    public ClientUpstreams Clients => Loaded.Clients;

    /// <exception cref="TlsPolicyException">The registered policies cannot be used.</exception>
    public Reloader Reloader => Loaded.Reloader;

    private Parts Loaded
    {
        get
        {
            if (_parts.IsValueCreated)
            {
                return _parts.Value;
            }

            using var lent = LentThread.Lend();
            using var held = SafeLogger.Hold();
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (IsNeededByItself)
            {
                throw ClientFault.NeededToLoad("the policies");
            }

            var parts = _parts.Value;
            if (_isDisposed)
            {
                // Disposed during the load, when there was nothing to end yet.
                parts.EndAsync().AsTask().GetAwaiter().GetResult();
                throw new ObjectDisposedException(GetType().FullName);
            }

            return parts;
        }
    }

    /// <summary>Loads the upstreams, unless they are loaded.</summary>
    /// <exception cref="TlsPolicyException">The registered policies cannot be used.</exception>
    public void Load() => _ = Loaded;

    public OutboundTlsContext GetContext(string name) => Find(name).Context;

    public bool TryGetContext(string name, [NotNullWhen(true)] out OutboundTlsContext? context)
    {
        ArgumentNullException.ThrowIfNull(name);
        context = Table.FindService(name, out _)?.Context;
        return context is not null;
    }

    public IChangeToken GetReloadToken(string name) => Find(name).Current.ReloadToken;

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (_parts.IsValueCreated)
        {
            await _parts.Value.EndAsync().ConfigureAwait(false);
        }
    }

    private Upstream Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Table.FindService(name, out var problem) ?? throw new KeyNotFoundException(problem);
    }

    private Parts LoadOnce(OutboundTlsRegistration registered, IServiceProvider services, ProgramTelemetry telemetry)
    {
        _isLoading = true;
        try
        {
            return LoadScope.Run(
                new LoadScope(this, LoadScope.Current), () => Load(registered, services, telemetry));
        }
        finally
        {
            _isLoading = false;
        }
    }

    private static Parts Load(OutboundTlsRegistration registered, IServiceProvider services, ProgramTelemetry telemetry)
    {
        var clock = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var ofRegistration = new DiagnosticList();
        services.GetRequiredService<UnreadOptions>().Check(ofRegistration);
        var secrets = new SecretProviders(
            registered.SecretProviders.Select(provider => provider(services)), clock, ofRegistration);
        if (ofRegistration.HasErrors)
        {
            throw new TlsPolicyException(ofRegistration.InFileOrder());
        }

        var sources = new PolicySources(
            registered,
            services.GetService<IHostEnvironment>()?.ContentRootPath ?? Directory.GetCurrentDirectory(),
            services.GetService<IConfiguration>(),
            registered.Reads ?? new BoundedReads(clock),
            secrets,
            services,
            clock);
        var (factory, table) = (new UpstreamFactory(clock, telemetry), new UpstreamTable());
        var hasHttpClients =
            services.GetService<IServiceProviderIsService>()?.IsService(typeof(IHttpClientFactory)) != false;
        var clients = new ClientUpstreams(registered, table, factory, telemetry.Policies, hasHttpClients);
        var dangerous = new DangerousPolicies(registered);
        var gate = new PolicyGate(factory, dangerous, clock, registered.WeakeningDelay, telemetry.Policies);
        var reconciler = new UpstreamReconciler(table, clients, factory, dangerous, gate);
        Reloader reloader;

        // The first use may be a request, whose execution context must not leak into what runs from now on.
        using (Detached.Begin())
        {
            reloader = new Reloader(sources, reconciler, gate, clock, telemetry.Policies, telemetry.Instruments);
        }

        var parts = new Parts(table, clients, reloader);
        try
        {
            reloader.Load();
            table.Observe(services.GetRequiredService<IUpstreamObserver>());
            UpstreamMeters.Create(telemetry.Instruments.Meter, table, () => reloader.Faults.Count, clock);
            if (registered.ReloadOnChange)
            {
                using var detached = Detached.Begin();
                reloader.Watch(registered.PollInterval);
            }

            return parts;
        }
        catch
        {
            parts.EndAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    private sealed record Parts(UpstreamTable Table, ClientUpstreams Clients, Reloader Reloader)
    {
        public async ValueTask EndAsync()
        {
            try
            {
                await Reloader.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                Table.End();
            }
        }
    }
}
