using FlexTls.Handshakes;

namespace FlexTls.Upstreams;

/// <summary>
/// A policy that takes something away, or is weaker, and that must stay the same for a while before it is put in force.
/// </summary>
/// <param name="Generation">The policy, checked and loaded aside.</param>
/// <param name="Change">What the upstream would lose.</param>
/// <param name="Since">When it was first read.</param>
/// <param name="Until">When it may be put in force.</param>
internal sealed record PendingChange(
    ContextGeneration Generation, PolicyChange Change, DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>When it was first read, on a monotonic clock.</summary>
    public required long Start { get; init; }
}
