using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlexTls;

/// <summary>Policies that are loaded exactly as a program does at its start.</summary>
internal sealed class LoadedPolicies : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private LoadedPolicies(ServiceProvider services, IReadOnlyList<TlsPolicyDiagnostic> found, TimeProvider clock) =>
        (_services, Found, Clock) = (services, found, clock);

    /// <summary>The findings, none of which is an error.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Found { get; }

    public TimeProvider Clock { get; }

    public IReadOnlyList<UpstreamTlsStatus> Upstreams =>
        _services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams;

    public IOutboundTlsContextProvider Contexts => _services.GetRequiredService<IOutboundTlsContextProvider>();

    public IOutboundTlsHandlerFactory Handlers => _services.GetRequiredService<IOutboundTlsHandlerFactory>();

    /// <param name="add">Names the policies.</param>
    /// <param name="contentRoot">
    /// The folder that relative paths begin in; <see langword="null"/>: the current directory.
    /// </param>
    /// <param name="at">The time to judge certificates by; <see langword="null"/>: now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TlsPolicyException">The policies have errors.</exception>
    public static async Task<LoadedPolicies> LoadAsync(
        Action<OutboundTlsBuilder> add, string? contentRoot, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        var clock = at is { } time ? new FixedTime(time) : TimeProvider.System;
        var collection = new ServiceCollection().AddSingleton(clock).AddOutboundTls(tls =>
        {
            tls.ReloadOnChange = false;
            add(tls);
        });
        if (contentRoot is not null)
        {
            collection.AddSingleton<IHostEnvironment>(new ContentRoot(contentRoot));
        }

        var services = collection.BuildServiceProvider();
        try
        {
            var manager = services.GetRequiredService<IOutboundTlsManager>();
            var found = await manager.ReloadAsync(cancellationToken).ConfigureAwait(false);
            return new LoadedPolicies(services, found, clock);
        }
        catch
        {
            await services.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public static Task<LoadedPolicies> LoadAsync(
        PolicyInputs sources, DateTimeOffset? at, CancellationToken cancellationToken) =>
        LoadAsync(sources.AddTo, sources.ContentRoot, at, cancellationToken);

    /// <summary>The context of a Service.</summary>
    /// <exception cref="UnusableException">There is none of this name.</exception>
    public OutboundTlsContext Find(string name)
    {
        try
        {
            return Contexts.GetContext(name);
        }
        catch (KeyNotFoundException e)
        {
            throw new UnusableException(e.Message);
        }
    }

    /// <summary>The status of the upstream that a context is of.</summary>
    public UpstreamTlsStatus StatusOf(OutboundTlsContext context) => Upstreams.Single(
        upstream => upstream.Kind == UpstreamTlsKind.Service && upstream.Name == context.Name);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
