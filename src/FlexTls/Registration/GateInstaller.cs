using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>Puts gates into the chains of clients' handlers.</summary>
internal static class GateInstaller
{
    /// <summary>Puts a gate in front of a client's primary handler, unless it has one.</summary>
    /// <param name="builder">The client's handlers.</param>
    /// <param name="client">The client.</param>
    /// <param name="decisions">Decides for the gate.</param>
    /// <param name="other">
    /// Another client, without a gate, that shares the primary handler; <see langword="null"/>: none is known.
    /// </param>
    public static void Guard(
        HttpMessageHandlerBuilder builder, string client, ClientDecisions decisions, string? other)
    {
        DelegatingHandler? last = null;
        HttpMessageHandler? handler = builder.PrimaryHandler;
        while (handler is DelegatingHandler delegating and not ClientGate)
        {
            (last, handler) = (delegating, delegating.InnerHandler);
        }

        if (handler is ClientGate own && own.IsOf(client, decisions))
        {
            Stamp(builder, own);
            return;
        }

        // A delegating handler without an inner handler sets one itself later.
        if (last is not null && handler is not null and not ClientGate)
        {
            var behind = new PrimaryHandler(handler, other);
            var gate = new ClientGate(client, decisions, behind, isBehindOthers: true);
            if (TryPutBehind(last, gate))
            {
                Stamp(builder, gate);
                return;
            }
        }

        var all = new PrimaryHandler(builder.PrimaryHandler, other);
        builder.PrimaryHandler = new ClientGate(client, decisions, all, isBehindOthers: false);
    }

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
            // Its inner handler cannot be changed after its first request.
            return false;
        }
    }
}
