namespace FlexTls;

/// <summary>
/// What holds for one upstream at one moment. <see cref="Kind"/> and <see cref="Name"/> together tell it from all
/// others. Holds no secret.
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

    /// <summary>Whose name <see cref="Name"/> is.</summary>
    public required UpstreamTlsKind Kind { get; init; }

    /// <summary>
    /// Where the policy in force stands, in words: <c>policies/orders.yaml(3)</c>, <c>OutboundTls:Upstreams:orders</c>,
    /// <c>AddPolicy("orders", …)</c>.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>The file of the policy; <see langword="null"/>: it stands in none.</summary>
    public required string? FileName { get; init; }

    /// <summary>The line in <see cref="FileName"/>, counted from 1; 0 where there is none.</summary>
    public required int Line { get; init; }

    /// <summary>
    /// The number of the generation in force: 1 at start, one more for each policy that took the place of another.
    /// </summary>
    public required int Generation { get; init; }

    /// <summary>When the generation was put in force.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>
    /// Whether the policy in force is the one that its source holds, and reaches every client of the upstream.
    /// </summary>
    public UpstreamTlsState State => StateOf(Degradation is not null, Wait is not null, Weakening is not null);

    /// <summary>
    /// Why the source's policy is not in force, or why requests of a client are refused; <see langword="null"/>:
    /// neither.
    /// </summary>
    public required UpstreamTlsDegradation? Degradation { get; init; }

    /// <summary>The change that waits to be put in force; <see langword="null"/>: none.</summary>
    public required UpstreamTlsWait? Wait { get; init; }

    /// <summary>
    /// What became weaker with the generation in force; <see langword="null"/>: nothing, or
    /// <see cref="IOutboundTlsManager.ReloadAsync"/> was called since. It stays while the upstream is
    /// <see cref="UpstreamTlsState.Degraded"/> or <see cref="UpstreamTlsState.Waiting"/>.
    /// </summary>
    public required UpstreamTlsWeakening? Weakening { get; init; }

    /// <summary>
    /// The last failure of a connection of an HTTP client, or of a reload; <see langword="null"/>: none yet. It stays
    /// when things go well again.
    /// </summary>
    public required UpstreamTlsError? LastError { get; init; }

    /// <summary>How many connections of HTTP clients are open under the generation in force.</summary>
    public required int OpenConnections { get; init; }

    /// <summary>How many connections of HTTP clients are open under generations that were replaced.</summary>
    public required int DrainingConnections { get; init; }

    /// <summary>
    /// The last handshake that succeeded under the generation in force; <see langword="null"/>: none yet. Handshakes
    /// through a proxy are not seen.
    /// </summary>
    public required TlsHandshakeSummary? LastHandshake { get; init; }

    /// <summary>
    /// What expires first of the certificates held (client certificate, what is sent with it, trusted CAs) and seen
    /// (what the server presented in <see cref="LastHandshake"/>); <see langword="null"/>: there is none, or the policy
    /// skips validation, so that no date matters. The operating system's CAs are not among them.
    /// </summary>
    public required CertificateExpiry? FirstExpiry { get; init; }

    /// <summary>What connections really offer and check.</summary>
    public required EffectiveTlsSettings Settings { get; init; }

    /// <summary>The most important of the states that apply.</summary>
    internal static UpstreamTlsState StateOf(bool isDegraded, bool isWaiting, bool isWeakened) =>
        isDegraded ? UpstreamTlsState.Degraded
        : isWaiting ? UpstreamTlsState.Waiting
        : isWeakened ? UpstreamTlsState.Weakened
        : UpstreamTlsState.UpToDate;
}
