using System.Diagnostics.Metrics;
using FlexTls.Upstreams;

namespace FlexTls.Connections;

/// <summary>What the handler of each generation is made of: the user's settings, and what must be remembered across generations.</summary>
/// <param name="upstream">The upstream.</param>
/// <param name="settings">The user's handler, which is read and left alone.</param>
/// <param name="meters">Where the handlers' metrics go, unless the user chose another place.</param>
/// <param name="allowsPlainHttp">Whether requests without TLS are sent, whatever the policy says.</param>
internal sealed class HandlerBlueprint(
    Upstream upstream, SocketsHttpHandler settings, IMeterFactory? meters, bool allowsPlainHttp = false)
{
    public Upstream Upstream => upstream;

    public bool AllowsPlainHttp => allowsPlainHttp;

    /// <summary>Who was named by a caller stays named, and who was not must not become so by a retry after a change of generations.</summary>
    public NamedAuthorities Authorities { get; } = new();

    /// <summary>The proxy; <see langword="null"/>: none is used.</summary>
    public WatchedProxy? Proxy { get; } = settings.UseProxy ? new WatchedProxy(settings.Proxy) : null;

    /// <summary>The user's way to make a transport; <see langword="null"/>: TCP as the platform makes it.</summary>
    public Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? Connect => settings.ConnectCallback;

    /// <summary>The tunnels of one handler; the generation, and not who adds them, is their owner.</summary>
    public OpenTunnels TunnelsOf(UpstreamGeneration generation) => new(upstream, generation);

    /// <summary>A handler with the user's settings, but for TLS and how connections are made.</summary>
    public SocketsHttpHandler CreateHandler()
    {
        var handler = HandlerSettings.Copy(settings);
        handler.MeterFactory ??= meters;
        if (Proxy is not null)
        {
            handler.Proxy = Proxy;
        }

        return handler;
    }
}
