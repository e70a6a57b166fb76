namespace FlexTls;

/// <summary>A policy and its origin: in words, and as the place of findings about it.</summary>
internal sealed record RegisteredPolicy(OutboundTlsPolicy Policy, string Source, Place Place)
{
    /// <summary>The policy of clients that have none of their own.</summary>
    public static RegisteredPolicy GatewayDefault { get; } =
        new(OutboundTlsPolicy.GatewayDefault, nameof(UnboundClientBehavior.GatewayDefault), new Place(""));

    /// <summary>Where its <c>alpn</c> is written now.</summary>
    public Place? AlpnPlace { get; } = Policy.AlpnPlace;

    /// <summary>Where its client certificate is written now.</summary>
    public Place? IdentityPlace { get; } = Policy.IdentityPlace;

    /// <summary>The addresses of the Service, if policy files describe it; otherwise empty.</summary>
    public IReadOnlyList<Uri> Addresses { get; init; } = [];

    /// <summary>Keeps this place, but reuses the policy of an earlier reading if it is equal.</summary>
    public RegisteredPolicy KeepingEqual(RegisteredPolicy earlier) =>
        Policy.Equals(earlier.Policy) ? this with { Policy = earlier.Policy } : this;
}
