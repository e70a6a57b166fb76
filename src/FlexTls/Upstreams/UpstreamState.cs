using FlexTls.Sources;
namespace FlexTls.Upstreams;

/// <summary>What holds for an upstream at one moment. Replaced as a whole: nobody sees half of a change.</summary>
/// <param name="Generation">The generation in force.</param>
/// <param name="Source">Its policy, and where it stands.</param>
internal sealed record UpstreamState(UpstreamGeneration Generation, RegisteredPolicy Source)
{
    /// <summary>Why the policy in force is not the one that its source holds; <see langword="null"/>: it is.</summary>
    public Degradation? Degradation { get; init; }

    /// <summary>The change that takes effect if it stays the same; <see langword="null"/>: none.</summary>
    public PendingChange? Pending { get; init; }

    /// <summary>
    /// What became weaker with the generation in force, if nobody has confirmed it; <see langword="null"/>: nothing.
    /// </summary>
    public Weakening? Weakening { get; init; }
}
