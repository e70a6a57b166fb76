using FlexTls.Connections;
using FlexTls.Diagnostics;
using FlexTls.Upstreams;
using Microsoft.Extensions.Http;

namespace FlexTls.Clients;

/// <summary>The handler at the end of a client's chain, behind whatever delegates to it.</summary>
internal sealed class PrimaryHandler
{
    private readonly HttpMessageHandlerBuilder _builder;
    private readonly DelegatingHandler? _delegating;
    private readonly HttpMessageHandler? _innermost;

    private PrimaryHandler(HttpMessageHandlerBuilder builder, DelegatingHandler? delegating, HttpMessageHandler? innermost) =>
        (_builder, _delegating, _innermost) = (builder, delegating, innermost);

    /// <summary>Our handler, if it is there.</summary>
    public OutboundTlsHandler? Ours => _innermost as OutboundTlsHandler;

    public static PrimaryHandler Of(HttpMessageHandlerBuilder builder)
    {
        DelegatingHandler? last = null;
        HttpMessageHandler? handler = builder.PrimaryHandler;
        while (handler is DelegatingHandler delegating)
        {
            (last, handler) = (delegating, delegating.InnerHandler);
        }

        return new PrimaryHandler(builder, last, handler);
    }

    /// <summary>Why the policy cannot take this handler's place; nothing if it can.</summary>
    public void Examine(Place client, DiagnosticList diagnostics)
    {
        if (_innermost is SocketsHttpHandler handler)
        {
            foreach (var setting in HandlerSettings.TlsSettings(handler))
            {
                diagnostics.Error(DiagnosticCodes.TlsSettingOnHandler, client, $"{client.Path}: the handler sets {setting}, which is the policy's to say; remove it.");
            }
        }
        else if (Ours is null)
        {
            diagnostics.Error(DiagnosticCodes.ForeignPrimaryHandler, client,
                $"{client.Path}: its primary handler is {_innermost?.GetType().Name ?? "missing"}, which makes its own connections; return a SocketsHttpHandler from ConfigurePrimaryHttpMessageHandler. In tests, DangerousReplaceOutboundTls(() => handler) on the client lets a handler of your own stand in.");
        }
    }

    /// <summary>Puts our handler, with the settings of this one, in its place.</summary>
    /// <exception cref="InvalidOperationException">A delegating handler in front of it was used already.</exception>
    public void Replace(Upstream upstream, System.Diagnostics.Metrics.IMeterFactory? meters)
    {
        // A delegating handler that the user shares between clients may have been here before.
        if (_innermost is not SocketsHttpHandler settings)
        {
            return;
        }

        var ours = new OutboundTlsHandler(new HandlerBlueprint(upstream, settings, meters));
        if (_delegating is null)
        {
            _builder.PrimaryHandler = ours;
        }
        else
        {
            _delegating.InnerHandler = ours;
        }
    }
}
