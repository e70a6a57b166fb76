namespace FlexTls;

/// <summary>
/// A policy that takes something away, or is weaker than the one in force, and takes effect only if it stays the same
/// for <see cref="OutboundTlsBuilder.WeakeningDelay"/>.
/// </summary>
public sealed class UpstreamTlsWait
{
    /// <summary>What it takes away or weakens, in words.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>When it was first read.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When it takes effect if nothing changes before then.</summary>
    public DateTimeOffset Until { get; init; }
}
