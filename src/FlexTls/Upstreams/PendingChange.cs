namespace FlexTls;

/// <summary>
/// A policy that takes something away, or is weaker, and must therefore stay the same for a while before it takes
/// effect.
/// </summary>
/// <param name="Generation">The policy, already checked and loaded.</param>
/// <param name="Change">What the upstream would lose.</param>
/// <param name="Since">When it was first read.</param>
/// <param name="Until">When it may take effect.</param>
internal sealed record PendingChange(
    ContextGeneration Generation, PolicyChange Change, DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>When it was first read, on a monotonic clock.</summary>
    public required long Start { get; init; }
}
