using Microsoft.Extensions.Primitives;

namespace FlexTls;

/// <summary>Collects the status of the upstreams for operators.</summary>
internal sealed class OutboundTlsManager(
    UpstreamRegistry registry, OutboundTlsRegistration registration, TimeProvider? clock = null) : IOutboundTlsManager
{
    public OutboundTlsStatus GetStatus()
    {
        var (users, now) = (registry.Clients.Users, (clock ?? TimeProvider.System).GetUtcNow());
        var thresholds = new ExpiryThresholds(registration);
        return new()
        {
            Upstreams =
            [
                .. registry.Table.All.Select(
                    found => Of(found.Key, found.Upstream, users[found.Key], thresholds, now)),
            ],
            Faults = registry.Reloader.Faults,
        };
    }

    public Task<IReadOnlyList<TlsPolicyDiagnostic>> ReloadAsync(CancellationToken cancellationToken = default) =>
        registry.Reloader.ReloadAsync(cancellationToken);

    public IChangeToken GetReloadToken() => registry.Reloader.ReloadToken;

    private static UpstreamTlsStatus Of(
        UpstreamKey key, Upstream upstream, IEnumerable<UpstreamTlsUser> clients, ExpiryThresholds thresholds,
        DateTimeOffset now)
    {
        // Each value is read once, because it may be replaced meanwhile.
        var state = upstream.State;
        var (generation, pending) = (state.Generation, state.Pending);
        var degradation = upstream.RefusedClients.With(state.Degradation);
        var certificates = Expiries.Of(generation.Context).ToList();
        var (handshake, history) = (generation.Context.LastHandshake, upstream.Log.History);
        var (hosts, hasMoreHosts) = history.Hosts;
        return new UpstreamTlsStatus
        {
            Name = key.ToString(),
            Kind = key.IsService ? UpstreamTlsKind.Service : UpstreamTlsKind.Client,
            Source = state.Source.Source,
            FileName = state.Source.Place.FileName,
            Line = state.Source.Place.Line,
            Generation = generation.Number,
            Since = generation.Since,
            FailingCode = history.FailingCode,
            Degradation = degradation is null
                ? null
                : new() { Diagnostics = degradation.Faults, Since = degradation.Since },
            Wait = pending is null
                ? null
                : new() { Reasons = pending.Change.Reasons, Since = pending.Since, Until = pending.Until },
            Weakening = state.Weakening,
            LastError = upstream.Log.LastError,
            Users =
            [
                .. clients.Concat(upstream.Users).Distinct()
                    .OrderBy(user => user.Description, StringComparer.Ordinal),
            ],
            Addresses = state.Source.Addresses,
            Hosts = hosts,
            HasMoreHosts = hasMoreHosts,
            Failures = history.Failures,
            LastHour = history.LastHour,
            OpenConnections = generation.OpenConnections,
            DrainingConnections = upstream.DrainingConnections,
            LastHandshake = handshake is null ? null : Of(handshake),
            FirstExpiry = certificates.MinBy(certificate => certificate.NotAfter),
            ExpiresSoon = certificates.Exists(certificate => thresholds.Reached(certificate, now) is not null),
            Settings = generation.Context.Effective,
        };
    }

    private static TlsHandshakeSummary Of(HandshakeRecord handshake)
    {
        var negotiated = handshake.Negotiated;
        return new TlsHandshakeSummary
        {
            At = handshake.At,
            Version = negotiated.Version,
            CipherSuite = negotiated.CipherSuite,
            ApplicationProtocol = negotiated.ApplicationProtocol,
            KeyExchangeGroup = negotiated.Group,
            IsResumed = negotiated.IsResumed,
            IsMutual = negotiated.IsMutual,
            Duration = handshake.Duration,
        };
    }
}
