namespace FlexTls;

/// <summary>
/// Stands directly in front of a client's own primary handler. While the client has no policy, its requests pass to
/// that handler. From the first request after a policy arrives, they go to our handler, which has the same settings; if
/// ours cannot take its place, they are refused.
/// </summary>
internal sealed class ClientGate : DelegatingHandler
{
    private readonly Lock _lock = new();
    private readonly ClientDecisions _decisions;
    private readonly PrimaryHandler _primary;
    private readonly UpstreamSelection? _selection;
    private volatile Passage<OutboundTlsHandler>? _ours;
    private volatile Passage<OutboundTlsHandler>? _earlier;
    private volatile int _decidedAt = ClientDecision.Undecided;
    private TlsPolicyDiagnostic? _faultOfName;
    private bool _hasPassed;
    private bool _isLogged;
    private bool _isDisposed;

    /// <param name="client">The gate's client.</param>
    /// <param name="decisions">Decides for the client.</param>
    /// <param name="primary">The handler behind the gate.</param>
    /// <param name="isBehindOthers">Whether it lies behind the user's handlers, which other clients may share.</param>
    public ClientGate(string client, ClientDecisions decisions, PrimaryHandler primary, bool isBehindOthers)
    {
        (Client, IsBehindOthers, _decisions, _primary) = (client, isBehindOthers, decisions, primary);
        _selection = decisions.SelectionOf(client, primary);
        if (primary.Handler is { } inner)
        {
            InnerHandler = inner;
        }
    }

    /// <summary>The gate's client.</summary>
    public string Client { get; }

    /// <summary>Whether it serves only requests that the client's <see cref="ClientStamp"/> has marked.</summary>
    public bool IsBehindOthers { get; }

    /// <summary>
    /// Whether the handler behind it is disposed with it; <see langword="null"/>: only if requests may have passed to
    /// it, because a handler of which only the settings were used may belong to other clients too.
    /// </summary>
    public bool? OwnsPrimary { get; init; }

    /// <summary>Whether the gate was made for a client, and not for a handler that code creates.</summary>
    public bool IsOfClient => _decisions is not HandlerDecisions;

    /// <summary>
    /// Whether the gate was made for this client of this service provider; other providers have other policies.
    /// </summary>
    public bool IsOf(string client, ClientDecisions decisions) => Client == client && _decisions == decisions;

    /// <summary>Whether another gate was made for the same client of the same service provider.</summary>
    public bool IsOfSameClient(ClientGate other) => other.IsOf(Client, _decisions);

    /// <summary>Whether its requests are under a policy: the client's own, or one that each of them chooses.</summary>
    public bool IsUnderPolicy => Handler is not null || _selection is not null;

    /// <summary>
    /// Our handler; <see langword="null"/>: the client has no policy, or its policy cannot take effect.
    /// </summary>
    public OutboundTlsHandler? Handler => _ours?.Handler;

    /// <summary>The first gate in a chain; <see langword="null"/>: there is none.</summary>
    public static ClientGate? Find(HttpMessageHandler? handler, Func<ClientGate, bool>? isMeant = null)
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

    /// <summary>Describes the gate's client to another client that shares the handler.</summary>
    public OtherClient ForAnother()
    {
        Decide();
        return new OtherClient(Client, IsUnderPolicy);
    }

    /// <summary>Decides by the policies now in force.</summary>
    /// <returns>The reasons why the client's requests are refused; empty: they are not.</returns>
    public IReadOnlyList<TlsPolicyDiagnostic> Decide()
    {
        using var held = SafeLogger.Hold();

        // Outside the lock, for which code that the load calls would wait.
        if (_decisions.LoadFor(Client) is { } fault)
        {
            return [fault];
        }

        lock (_lock)
        {
            if (HasPolicy)
            {
                return [];
            }

            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var other = Find(_primary.Handler, gate => gate.IsOfClient)?.ForAnother() ?? _primary.SharedWith;
            var found = _decisions.Find(Client, _primary, Handler, other);
            if (found.Faults.Count > 0)
            {
                return found.Faults;
            }

            _faultOfName = found.FaultsOfName is { } faults ? FirstError(faults) : null;
            if (found.Handler is null)
            {
                _hasPassed = _selection is null;
            }
            else if (found.Handler != Handler)
            {
                // Requests under way finish under the gateway's default.
                (_earlier, _ours) = (_ours, new Passage<OutboundTlsHandler>(found.Handler));
            }

            _decidedAt = found.Version;
            return [];
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Refusal(request, out var ours) is { } refusal)
        {
            return Task.FromException<HttpResponseMessage>(refusal);
        }

        return ours?.PassAsync(request, cancellationToken) ?? base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Refusal(request, out var ours) is { } refusal)
        {
            throw refusal;
        }

        return ours?.Pass(request, cancellationToken) ?? base.Send(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        bool isInnerUsed;
        lock (_lock)
        {
            _isDisposed |= disposing;
            isInnerUsed = _hasPassed || (_ours is null && _selection is null);
        }

        if (disposing)
        {
            _ours?.Dispose();
            _earlier?.Dispose();
            _selection?.Dispose();
            _decisions.Forget(Client);
        }

        base.Dispose(disposing && (OwnsPrimary ?? isInnerUsed));
    }

    /// <summary>Whether the client has a policy for good; the gateway's default only stands in for one.</summary>
    private bool HasPolicy => _ours is { Handler.Upstream.IsGatewayDefault: false };

    /// <summary>Why this request is not sent. Allocates nothing once the gate has decided.</summary>
    /// <param name="request">The request.</param>
    /// <param name="ours">
    /// Our handler, for which the request was judged; <see langword="null"/>: there is no policy. A policy that arrives
    /// meanwhile applies to the next request.
    /// </param>
    private HttpRequestException? Refusal(HttpRequestMessage request, out Passage<OutboundTlsHandler>? ours)
    {
        ours = _ours;
        var isDecided = HasPolicy || (_decidedAt != ClientDecision.Undecided && _decidedAt == _decisions.Version);
        if (!isDecided && Decide() is { Count: > 0 } faults)
        {
            return Refusal(request, FirstError(faults));
        }

        ours = _ours;
        if (FaultOfChoice(request, ref ours) is { } fault)
        {
            return RefusedRequest.By(fault, request);
        }

        if (ours is not { Handler.Upstream: var upstream })
        {
            return null;
        }

        if (IsBehindOthers && !ClientStamp.IsOn(request, this))
        {
            return Refusal(request, ClientFault.Shared(Client).Diagnostics[0]);
        }

        _decisions.NoteAddress(Client, upstream, request.RequestUri);
        return null;
    }

    /// <summary>Finds the handler of the upstream that a request chooses.</summary>
    /// <returns>Why it is not sent; <see langword="null"/>: nothing, also if it chooses none.</returns>
    private TlsPolicyDiagnostic? FaultOfChoice(HttpRequestMessage request, ref Passage<OutboundTlsHandler>? ours)
    {
        if (OutboundTlsRequest.ChosenBy(request) is not { } chosen)
        {
            return _selection is not null && ours is null ? _faultOfName ?? ClientFault.NotChosen(Client) : null;
        }

        if (_selection is null)
        {
            return ClientFault.ChoiceNotAllowed(Client);
        }

        try
        {
            ours = _selection.Find(chosen);
            return null;
        }
        catch (TlsPolicyException e)
        {
            return e.Diagnostics[0];
        }
    }

    /// <summary>There may be warnings among the errors.</summary>
    private static TlsPolicyDiagnostic FirstError(IReadOnlyList<TlsPolicyDiagnostic> faults) =>
        faults.First(fault => fault.Severity == TlsPolicyDiagnosticSeverity.Error);

    private HttpRequestException Refusal(HttpRequestMessage request, TlsPolicyDiagnostic fault)
    {
        if (!Interlocked.Exchange(ref _isLogged, true))
        {
            _decisions.LogRefusal(Client, fault);
        }

        return RefusedRequest.By(fault, request);
    }
}
