using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FlexTls;

/// <summary>Decides the policy and the handler of a client's requests.</summary>
internal class ClientDecisions(
    OutboundTlsRegistration registration, UpstreamRegistry registry, ClientAddresses addresses,
    ProgramTelemetry telemetry, IMeterFactory? meters = null)
{
    private readonly PatientLog _patient = new();
    private readonly ConcurrentDictionary<string, bool> _weakened = new(StringComparer.Ordinal);

    /// <summary>Changes whenever a client without a policy may get one.</summary>
    public int Version => registry.Table.Version;

    /// <summary>The upstreams.</summary>
    protected UpstreamRegistry Registry => registry;

    public static Place PlaceOf(string client) => new($"client '{client}'");

    /// <summary>
    /// Loads the policies, unless they are loaded, and returns the fault of a client that asks for them within the
    /// load. Faults of the policies are reported with those of the client's handler.
    /// </summary>
    public TlsPolicyDiagnostic? LoadFor(string client)
    {
        if (registry.IsNeededByItself)
        {
            return ClientFault.NeededToLoad($"client '{client}'").Diagnostics[0];
        }

        try
        {
            registry.Load();
        }
        catch (TlsPolicyException)
        {
            // As above.
        }

        return null;
    }

    /// <summary>Whether a client has a policy of its own now, as far as is known.</summary>
    public bool HasPolicy(string client)
    {
        try
        {
            return FindUpstream(client) is { IsGatewayDefault: false };
        }
        catch (TlsPolicyException)
        {
            return false;
        }
    }

    /// <summary>
    /// Our handler for a client under the policies now in force, or why its requests are refused; neither: it has no
    /// policy.
    /// </summary>
    public ClientDecision Find(
        string client, PrimaryHandler primary, OutboundTlsHandler? current, OtherClient? other)
    {
        var ofHandler = new DiagnosticList();
        if (other is null)
        {
            primary.Examine(PlaceOf(client), ofHandler);
        }
        else if (AllowsSelection(client))
        {
            ofHandler.AddRange(SharingFaults(client, other, isUnderPolicy: true));
        }

        int version;
        Upstream? upstream;
        try
        {
            // In this order, so that the next request finds a policy that arrives in between.
            version = Version;
            upstream = FindUpstream(client);
        }
        catch (TlsPolicyException e)
        {
            // The client's own name does not concern requests that choose other upstreams; a failed load does.
            return AllowsSelection(client) && registry.IsLoaded
                ? new(null, ofHandler.InFileOrder(), ClientDecision.Undecided, e.Diagnostics)

                // Report the handler's faults together with the policies'.
                : new(
                    null, [.. e.Diagnostics, .. registration.HasCallsFor(client) ? ofHandler.InFileOrder() : []],
                    ClientDecision.Undecided);
        }

        if (other is not null)
        {
            if (ofHandler.InFileOrder().Count == 0)
            {
                ofHandler.AddRange(SharingFaults(client, other, upstream is not null));
            }

            if (upstream is not null)
            {
                RefusalsOf(client).Note(upstream, ofHandler.InFileOrder());
            }

            return new(null, ofHandler.InFileOrder(), version);
        }

        var faults = ofHandler.InFileOrder();
        if (upstream is null or { IsGatewayDefault: true })
        {
            NoteWithoutPolicy(client, faults);
        }

        if (upstream is null)
        {
            return new(null, AllowsSelection(client) ? faults : [], version);
        }

        if (upstream == current?.Upstream)
        {
            return new(current, [], version);
        }

        OutboundTlsHandler? handler = null;
        if (faults.Count == 0)
        {
            try
            {
                handler = CreateHandler(client, upstream, (SocketsHttpHandler)primary.Handler!, current?.Upstream);
            }
            catch (TlsPolicyException e)
            {
                // The policy has no HTTP.
                faults = e.Diagnostics;
            }
        }

        RefusalsOf(client).Note(upstream, faults);
        return new(handler, faults, version);
    }

    /// <summary>
    /// Logs the first request of an upstream to another address than its Service's. Otherwise allocates nothing.
    /// </summary>
    public virtual void NoteAddress(string client, Upstream upstream, Uri? requested)
    {
        var service = upstream.Source.Addresses;
        if (requested is { IsAbsoluteUri: true }
            && upstream.AddressWatch.IsNews(service, addresses.Of(client), requested))
        {
            LogAddress(client, upstream, requested, service[0]);
        }
    }

    public void LogRefusal(string client, TlsPolicyDiagnostic fault) =>
        _patient.Write(() => RegistrationLog.ClientRefused(telemetry.Handshakes, client, fault));

    /// <summary>Logs and counts, once, that a test's handler replaces ours.</summary>
    public void NoteReplaced(string client)
    {
        if (_weakened.TryAdd(client, true))
        {
            _patient.Write(() => RegistrationLog.HandlerReplaced(telemetry.Policies, client));
            telemetry.Instruments.Weakened(client, "replacedHandler");
        }
    }

    /// <summary>
    /// The faults of two clients that share a delegating handler: they may do so only while neither has a policy.
    /// </summary>
    public static IReadOnlyList<TlsPolicyDiagnostic> SharingFaults(string client, OtherClient other, bool isUnderPolicy)
    {
        if (!other.HasPolicy && !isUnderPolicy)
        {
            return [];
        }

        return [DiagnosticList.OneError(DiagnosticCodes.HandlerReplaced, PlaceOf(client),
            $"client '{client}': it shares its primary handler with client '{other.Name}', "
            + "and at least one of them has a policy; "
            + "return a new one each time from ConfigurePrimaryHttpMessageHandler.")];
    }

    /// <summary>
    /// The handlers for a client's requests that choose their upstreams; <see langword="null"/>: they may not, or its
    /// own handler cannot be replaced.
    /// </summary>
    public UpstreamSelection? SelectionOf(string client, PrimaryHandler primary) =>
        AllowsSelection(client) && primary.Handler is SocketsHttpHandler settings
            ? new UpstreamSelection(client, registry, settings, meters) : null;

    /// <summary>Forgets a client whose gate is gone.</summary>
    public virtual void Forget(string client)
    {
    }

    /// <summary>The upstream of a client; <see langword="null"/>: it has none of its own.</summary>
    /// <exception cref="TlsPolicyException">The client must not be used.</exception>
    protected virtual Upstream? FindUpstream(string client) => registry.Clients.Find(client);

    /// <summary>Whether a client's requests may choose their upstreams.</summary>
    protected virtual bool AllowsSelection(string client) => registration.SelectingClients.Contains(client);

    protected virtual bool AllowsPlainHttp(string client) => registration.PlainHttpClients.Contains(client);

    /// <summary>Records a client that may get a policy later.</summary>
    protected virtual void NoteWithoutPolicy(string client, IReadOnlyList<TlsPolicyDiagnostic> handlerFaults) =>
        registry.Clients.WithoutPolicy.Note(client, handlerFaults);

    /// <summary>How the status shows the client.</summary>
    protected virtual UpstreamTlsUser UserOf(string client) => UpstreamTlsUser.Of(client, registration);

    /// <summary>Receives why a client's requests are refused.</summary>
    protected virtual Refusals RefusalsOf(string client) => new(client);

    /// <summary>A separate method, so that a request that logs nothing allocates nothing.</summary>
    private void LogAddress(string client, Upstream upstream, Uri requested, Uri service) =>
        _patient.Write(() => RegistrationLog.AddressDiffers(
            telemetry.Policies, client, requested, upstream.Name, ClientAddresses.Show(service)));

    private OutboundTlsHandler CreateHandler(
        string client, Upstream upstream, SocketsHttpHandler settings, Upstream? before)
    {
        var allowsPlainHttp = AllowsPlainHttp(client);
        if (allowsPlainHttp && _weakened.TryAdd(client, true))
        {
            _patient.Write(() => RegistrationLog.PlainHttpAllowed(telemetry.Policies, client));
            telemetry.Instruments.Weakened(client, "allowPlainHttp");
        }

        // A client under the gateway's default has no written policy that could allow plain HTTP.
        allowsPlainHttp |= upstream.IsGatewayDefault;
        return new OutboundTlsHandler(new HandlerBlueprint(upstream, settings, meters, allowsPlainHttp, before)
        {
            User = UserOf(client),
        });
    }
}
