namespace FlexTls;

/// <summary>Refuses a gRPC client's channel that would send past the client's policy.</summary>
internal sealed class ChannelCheck(string client)
{
    private volatile ClientGate? _gate;
    private volatile WeakReference<object>? _options;

    /// <summary>The gate in the handlers of the client that were handed out last.</summary>
    public ClientGate? Gate
    {
        get => _gate;
        set => _gate = value;
    }

    /// <summary>Adds the check to the options that the client's channels are made with.</summary>
    public void AddTo(object options)
    {
        _options = new WeakReference<object>(options);
        GrpcChannels.Add(options, Look);
    }

    /// <summary>
    /// Adds it again behind what the program has added since. The options are only remembered: reading them runs code
    /// of the program, which may need what runs later, or a client's handler.
    /// </summary>
    public void AddAgain()
    {
        if (_options is { } known && known.TryGetTarget(out var options))
        {
            GrpcChannels.Add(options, Look);
        }
    }

    /// <summary>Looks at a channel after everything that configures it.</summary>
    /// <exception cref="TlsPolicyException">
    /// It has an HttpClient of its own, or a handler that does not lead to the client's, and the client has a policy or
    /// must not be used.
    /// </exception>
    public void Look(object channel)
    {
        if (_gate is not { } gate)
        {
            return;
        }

        var faults = LeadsTo(gate, GrpcChannels.HandlerOf(channel)) ? [] : FaultsOfOther(gate);

        // Under a name of its own: what the gate finds is something else.
        gate.Handler?.Upstream.RefusedClients.Note($"channel of {client}", faults);
        if (faults.Count > 0)
        {
            throw new TlsPolicyException(faults);
        }
    }

    /// <summary>Why the channel must not send past the gate; empty: the client has no policy.</summary>
    private IReadOnlyList<TlsPolicyDiagnostic> FaultsOfOther(ClientGate gate)
    {
        // A factory of the program's own may have handed out the gate before it decided.
        var faults = gate.Decide();
        return faults.Count == 0 && gate.IsUnderPolicy ? [ClientFault.OtherHandlerOfChannel(client)] : faults;
    }

    private static bool LeadsTo(ClientGate gate, HttpMessageHandler? handler)
    {
        // The program may have kept an earlier handler of the client; one of IOutboundTlsHandlerFactory has a policy of
        // its own.
        if (ClientGate.Find(handler, gate.IsOfSameClient) is not null
            || ClientGate.Find(handler, other => !other.IsOfClient) is { } free && free.ForAnother().HasPolicy)
        {
            return true;
        }

        while (handler is DelegatingHandler delegating)
        {
            handler = delegating.InnerHandler;
        }

        return handler is OutboundTlsHandler;
    }
}
