namespace FlexTls;

/// <summary>
/// The state of an upstream at one moment. It is replaced as a whole, so nobody sees half of a change.
/// </summary>
/// <param name="Generation">The generation in force.</param>
/// <param name="Source">Its policy, and the policy's place.</param>
internal sealed record UpstreamState(UpstreamGeneration Generation, RegisteredPolicy Source)
{
    /// <summary>Why the policy in force is not the one in its source; <see langword="null"/>: it is.</summary>
    public Degradation? Degradation { get; init; }

    /// <summary>The change that takes effect if it stays the same; <see langword="null"/>: none.</summary>
    public PendingChange? Pending { get; init; }

    /// <summary>
    /// The last policy that was confirmed, or weakened nothing: what later ones are compared with.
    /// </summary>
    public required OutboundTlsPolicy Confirmed { get; init; }

    /// <summary>
    /// Where the policy in force is weaker than <see cref="Confirmed"/>; <see langword="null"/>: nowhere.
    /// </summary>
    public UpstreamTlsWeakening? Weakening { get; init; }
}
