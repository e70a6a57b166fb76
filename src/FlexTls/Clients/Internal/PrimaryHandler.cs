using FlexTls.Connections;
using FlexTls.Diagnostics;
using Microsoft.Extensions.Http;

namespace FlexTls.Clients;

/// <summary>The handler at the end of a client's chain, behind the gate.</summary>
internal sealed class PrimaryHandler
{
    private readonly bool _isReplaced;

    private PrimaryHandler(HttpMessageHandler? handler, bool isReplaced) =>
        (Handler, _isReplaced) = (handler, isReplaced);

    public HttpMessageHandler? Handler { get; }

    /// <summary>The gate of another client that shares the handler.</summary>
    public ClientGate? GateOfAnother => FindGate(Handler);

    /// <summary>Puts a gate in front of a client's primary handler, unless it has one.</summary>
    /// <param name="builder">The client's handlers.</param>
    /// <param name="client">The client.</param>
    /// <param name="clients">Decides for the gate.</param>
    /// <param name="isLate">Whether there was a gate before, which was removed.</param>
    public static void Guard(HttpMessageHandlerBuilder builder, string client, ClientHandlers clients, bool isLate)
    {
        DelegatingHandler? last = null;
        HttpMessageHandler? handler = builder.PrimaryHandler;
        while (handler is DelegatingHandler delegating and not ClientGate)
        {
            (last, handler) = (delegating, delegating.InnerHandler);
        }

        if (handler is ClientGate own && own.IsOf(client, clients))
        {
            Stamp(builder, own);
            return;
        }

        if (last is not null && !isLate && handler is not ClientGate)
        {
            var behind = new PrimaryHandler(handler, isReplaced: false);
            var gate = new ClientGate(client, clients, behind, isBehindOthers: true);
            if (TryPutBehind(last, gate))
            {
                Stamp(builder, gate);
                return;
            }
        }

        var all = new PrimaryHandler(builder.PrimaryHandler, isLate);
        builder.PrimaryHandler = new ClientGate(client, clients, all, isBehindOthers: false);
    }

    /// <summary>The first gate in a chain; <see langword="null"/>: there is none.</summary>
    public static ClientGate? FindGate(HttpMessageHandler? handler, Func<ClientGate, bool>? isMeant = null)
    {
        for (; handler is DelegatingHandler delegating; handler = delegating.InnerHandler)
        {
            if (delegating is ClientGate gate && isMeant?.Invoke(gate) != false)
            {
                return gate;
            }
        }

        return null;
    }

    /// <summary>Why the policy cannot take this handler's place; nothing if it can.</summary>
    public void Examine(Place client, DiagnosticList diagnostics)
    {
        if (_isReplaced)
        {
            diagnostics.Error(DiagnosticCodes.HandlerReplaced, client, ReplacedMessage(client));
        }
        else if (Handler is SocketsHttpHandler handler)
        {
            foreach (var setting in HandlerSettings.TlsSettings(handler))
            {
                diagnostics.Error(DiagnosticCodes.TlsSettingOnHandler, client,
                    $"{client.Path}: the handler sets {setting}, which is the policy's to say; remove it.");
            }
        }
        else if (End() is SocketsHttpHandler)
        {
            diagnostics.Error(DiagnosticCodes.HandlerReplaced, client,
                $"{client.Path}: its primary handler was used already by another client; "
                + "return a new one each time from ConfigurePrimaryHttpMessageHandler.");
        }
        else
        {
            diagnostics.Error(DiagnosticCodes.ForeignPrimaryHandler, client,
                $"{client.Path}: its primary handler is {End()?.GetType().Name ?? "missing"}, "
                + "which makes its own connections; "
                + "return a SocketsHttpHandler from ConfigurePrimaryHttpMessageHandler. In tests, "
                + "DangerousReplaceOutboundTls(() => handler) on the client lets a handler of your own stand in.");
        }
    }

    public static string ReplacedMessage(Place client) =>
        $"{client.Path}: something set its primary handler after the policy was put on it; "
        + "configure the handler with ConfigurePrimaryHttpMessageHandler instead.";

    /// <summary>Marks the client's requests, if its gate lies behind handlers that other clients may share.</summary>
    private static void Stamp(HttpMessageHandlerBuilder builder, ClientGate gate)
    {
        var handler = builder.PrimaryHandler;
        while (handler is DelegatingHandler delegating and not ClientStamp)
        {
            handler = delegating.InnerHandler;
        }

        if (gate.IsBehindOthers && (handler as ClientStamp)?.Gate != gate)
        {
            builder.PrimaryHandler = new ClientStamp(gate, builder.PrimaryHandler);
        }
    }

    private static bool TryPutBehind(DelegatingHandler last, ClientGate gate)
    {
        try
        {
            last.InnerHandler = gate;
            return true;
        }
        catch (InvalidOperationException)
        {
            // After its first request, its inner handler cannot be changed.
            return false;
        }
    }

    private HttpMessageHandler? End()
    {
        var end = Handler;
        while (end is DelegatingHandler delegating)
        {
            end = delegating.InnerHandler;
        }

        return end;
    }
}
