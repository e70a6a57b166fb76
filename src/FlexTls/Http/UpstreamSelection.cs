using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;

namespace FlexTls;

/// <summary>
/// The handlers of a client whose requests choose their upstreams: one for each upstream that was chosen, so that there
/// are never more than upstreams.
/// </summary>
/// <param name="client">How messages name the client.</param>
/// <param name="registry">The upstreams.</param>
/// <param name="settings">The user's handler, which is only read.</param>
/// <param name="meters">The destination of the handlers' metrics, unless the user chose another.</param>
internal sealed class UpstreamSelection(
    string client, UpstreamRegistry registry, SocketsHttpHandler settings, IMeterFactory? meters) : IDisposable
{
    private readonly ConcurrentDictionary<Upstream, Passage<OutboundTlsHandler>> _handlers = new();
    private readonly Lock _lock = new();
    private volatile Names _names = new(-1);
    private bool _isDisposed;

    /// <summary>The handler for an upstream.</summary>
    /// <param name="name">The name of the Service, from the request.</param>
    /// <exception cref="TlsPolicyException">
    /// There is no such upstream, or its policy does not allow HTTP, or the policies cannot be used.
    /// </exception>
    public Passage<OutboundTlsHandler> Find(string name)
    {
        var names = _names;
        var version = registry.Table.Version;
        if (names.Version != version)
        {
            // A name without a namespace may now be another Service's, or ambiguous.
            _names = names = new Names(version);
        }

        return names.Handlers.TryGetValue(name, out var known) ? known : Add(name, names);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        foreach (var handler in _handlers.Values)
        {
            handler.Dispose();
        }
    }

    private Passage<OutboundTlsHandler> Add(string name, Names names)
    {
        using var held = SafeLogger.Hold();
        var services = registry.Table.Services;

        // Names that are not found are not remembered, nor compared with all others: a stranger may have chosen them.
        if (services.FindOrTell(name, out var code, out var problem) is not { } key)
        {
            throw ClientFault.Of(code, client, problem);
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var upstream = services[key];
            if (!_handlers.TryGetValue(upstream, out var handler))
            {
                var blueprint = new HandlerBlueprint(upstream, SettingsOfOne(), meters)
                {
                    IsChosen = true,
                    User = new() { Description = Text.OneLine($"{client}, chosen by requests") },
                };
                handler = new Passage<OutboundTlsHandler>(new OutboundTlsHandler(blueprint));
                _handlers[upstream] = handler;
            }

            names.Handlers[name] = handler;
            return handler;
        }
    }

    /// <summary>The user's settings with cookies of their own: those of one identity must not reach another.</summary>
    private SocketsHttpHandler SettingsOfOne()
    {
        var own = HandlerSettings.Copy(settings);
        own.ConnectCallback = settings.ConnectCallback;
        if (own.UseCookies)
        {
            own.CookieContainer = new CookieContainer();
        }

        return own;
    }

    /// <summary>The handlers by the names in requests, as long as no Service is added.</summary>
    private sealed record Names(int Version)
    {
        public ConcurrentDictionary<string, Passage<OutboundTlsHandler>> Handlers { get; } =
            new(StringComparer.Ordinal);
    }
}
