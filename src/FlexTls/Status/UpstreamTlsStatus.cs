namespace FlexTls;

/// <summary>
/// The status of one upstream at one moment. <see cref="Kind"/> and <see cref="Name"/> together identify it. Contains
/// no secret.
/// </summary>
public sealed class UpstreamTlsStatus
{
    internal UpstreamTlsStatus()
    {
    }

    /// <summary>
    /// The Service, <c>orders</c> or <c>payments/orders</c>; or the client that has a policy of its own.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Whether <see cref="Name"/> is that of a Service or of a client.</summary>
    public required UpstreamTlsKind Kind { get; init; }

    /// <summary>
    /// The place of the policy in force, in words: <c>policies/orders.yaml(3)</c>, <c>OutboundTls:Upstreams:orders</c>,
    /// <c>AddPolicy("orders", …)</c>.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>The file of the policy; <see langword="null"/>: it is not in a file.</summary>
    public required string? FileName { get; init; }

    /// <summary>The line in <see cref="FileName"/>, counted from 1; 0 where there is none.</summary>
    public required int Line { get; init; }

    /// <summary>The number of the generation in force: 1 at start, one more for each replacement.</summary>
    public required int Generation { get; init; }

    /// <summary>When the generation was put in force.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>
    /// Whether the policy in force is the one in its source, and reaches every client of the upstream.
    /// </summary>
    public UpstreamTlsState State => StateOf(Degradation is not null, Wait is not null, Weakening is not null);

    /// <summary>
    /// Whether the TLS of the last new connection of an HTTP client to the upstream, under the generation in force, has
    /// failed; <see langword="false"/> before the first. Servers and proxies that cannot be reached, refused requests
    /// and redirect targets do not count.
    /// </summary>
    public bool IsFailing => FailingCode is not null;

    /// <summary>
    /// The code of that connection's failure; <see langword="null"/>: it has not failed. <see cref="Failures"/> has
    /// the rest.
    /// </summary>
    public required string? FailingCode { get; init; }

    /// <summary>
    /// Why the source's policy is not in force, or why requests of a client are refused; <see langword="null"/>:
    /// neither.
    /// </summary>
    public required UpstreamTlsDegradation? Degradation { get; init; }

    /// <summary>The change that waits to take effect; <see langword="null"/>: none.</summary>
    public required UpstreamTlsWait? Wait { get; init; }

    /// <summary>
    /// Where the policy in force is weaker than the last confirmed one; <see langword="null"/>: nowhere.
    /// A policy is confirmed at start, by <see cref="IOutboundTlsManager.ReloadAsync"/>, and if it weakens nothing.
    /// Later changes, such as a renewed certificate, do not clear this.
    /// </summary>
    public required UpstreamTlsWeakening? Weakening { get; init; }

    /// <summary>
    /// The last failure of a connection of an HTTP client, or of a reload; <see langword="null"/>: none yet. A later
    /// success does not clear it.
    /// </summary>
    public required UpstreamTlsError? LastError { get; init; }

    /// <summary>
    /// Who uses the upstream: clients, clusters, handlers. Those that are registered by name are always included, others
    /// from the first request on.
    /// </summary>
    public required IReadOnlyList<UpstreamTlsUser> Users { get; init; }

    /// <summary>
    /// The addresses of the Service in the policy files; empty: no file has this Service, or the policy is a client's
    /// own.
    /// </summary>
    public required IReadOnlyList<Uri> Addresses { get; init; }

    /// <summary>
    /// The hosts that HTTP clients have connected to, in the order of the first connection, at most 20. Redirect
    /// targets at other authorities are not included, nor servers behind a proxy if the client's handler has a
    /// <see cref="SocketsHttpHandler.PlaintextStreamFilter"/>.
    /// </summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Whether HTTP clients have connected to more hosts than <see cref="Hosts"/> has.</summary>
    public required bool HasMoreHosts { get; init; }

    /// <summary>
    /// The failures of HTTP clients' connections by code, the latest first, at most 20 codes; those behind a proxy and
    /// at redirect targets are included. A later success does not clear them.
    /// </summary>
    public required IReadOnlyList<UpstreamTlsFailure> Failures { get; init; }

    /// <summary>
    /// The minutes of the last hour in which a connection of an HTTP client was made or failed, the oldest first. Of
    /// redirect targets at other authorities, and of servers behind a proxy if the client's handler has a
    /// <see cref="SocketsHttpHandler.PlaintextStreamFilter"/>, it has the failures only.
    /// </summary>
    public required IReadOnlyList<UpstreamTlsMinute> LastHour { get; init; }

    /// <summary>
    /// How many connections of HTTP clients are open under the generation in force; through a proxy, from the beginning
    /// of their handshakes.
    /// </summary>
    public required int OpenConnections { get; init; }

    /// <summary>How many connections of HTTP clients are open under replaced generations.</summary>
    public required int DrainingConnections { get; init; }

    /// <summary>
    /// The last successful handshake under the generation in force; <see langword="null"/>: none yet. Handshakes
    /// through a proxy are not included if the client's handler has a
    /// <see cref="SocketsHttpHandler.PlaintextStreamFilter"/>.
    /// </summary>
    public required TlsHandshakeSummary? LastHandshake { get; init; }

    /// <summary>
    /// The first expiry among the policy's certificates (client certificate, its intermediates, trusted CAs) and those
    /// that the server presented in its last full handshake; <see langword="null"/>: there is none, or the policy skips
    /// validation, so that no date matters. The operating system's CAs are not included.
    /// </summary>
    public required CertificateExpiry? FirstExpiry { get; init; }

    /// <summary>
    /// Whether one of these certificates has reached a threshold of <see cref="OutboundTlsBuilder.ExpiryWarnings"/> or
    /// <see cref="OutboundTlsBuilder.RenewalWarningFraction"/>, or has expired.
    /// </summary>
    public required bool ExpiresSoon { get; init; }

    /// <summary>The settings that connections actually use.</summary>
    public required EffectiveTlsSettings Settings { get; init; }

    /// <summary>The most important of the states that apply.</summary>
    internal static UpstreamTlsState StateOf(bool isDegraded, bool isWaiting, bool isWeakened) =>
        isDegraded ? UpstreamTlsState.Degraded
        : isWaiting ? UpstreamTlsState.Waiting
        : isWeakened ? UpstreamTlsState.Weakened
        : UpstreamTlsState.UpToDate;
}
