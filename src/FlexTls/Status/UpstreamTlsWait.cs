namespace FlexTls;

/// <summary>
/// A policy that takes something away, or is weaker than the one in force, and takes effect only if it stays the same
/// for <see cref="OutboundTlsBuilder.WeakeningDelay"/>.
/// </summary>
/// <param name="Reasons">What it takes away or weakens, in words.</param>
/// <param name="Since">When it was first read.</param>
/// <param name="Until">When it takes effect if nothing changes before then.</param>
public sealed record UpstreamTlsWait(IReadOnlyList<string> Reasons, DateTimeOffset Since, DateTimeOffset Until);
