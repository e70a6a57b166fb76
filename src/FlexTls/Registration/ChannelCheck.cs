namespace FlexTls;

/// <summary>Refuses a gRPC client's channel that would send past the client's policy.</summary>
internal sealed class ChannelCheck(string client)
{
    private volatile ClientGate? _gate;

    /// <summary>The gate in the handlers of the client that were handed out last.</summary>
    public ClientGate? Gate
    {
        get => _gate;
        set => _gate = value;
    }

    /// <summary>Looks at a channel after everything that configures it.</summary>
    /// <exception cref="TlsPolicyException">
    /// It has an HttpClient of its own, or a handler that does not lead to the client's.
    /// </exception>
    public void Look(object channel)
    {
        if (_gate is not { IsUnderPolicy: true } gate)
        {
            return;
        }

        var isOther = !LeadsTo(gate, GrpcChannels.HandlerOf(channel));
        TlsPolicyDiagnostic[] faults = isOther ? [ClientFault.OtherHandlerOfChannel(client)] : [];

        // Under a name of its own: what the gate finds is something else.
        gate.Handler?.Upstream.RefusedClients.Note($"channel of {client}", faults);
        if (isOther)
        {
            throw new TlsPolicyException(faults);
        }
    }

    private static bool LeadsTo(ClientGate gate, HttpMessageHandler? handler)
    {
        // The program may have kept an earlier handler of the client.
        if (ClientGate.Find(handler, gate.IsOfSameClient) is not null)
        {
            return true;
        }

        while (handler is DelegatingHandler delegating)
        {
            handler = delegating.InnerHandler;
        }

        // A handler of IOutboundTlsHandlerFactory has a policy of its own.
        return handler is OutboundTlsHandler;
    }
}
