namespace FlexTls;

/// <summary>
/// A policy that takes something away, or is weaker than the one in force, and that is put in force only if it stays
/// the same for a while.
/// </summary>
/// <param name="Reasons">What it takes away or protects less, in words.</param>
/// <param name="Since">When it was first read.</param>
/// <param name="Until">When it is put in force if nothing changes before.</param>
public sealed record UpstreamTlsWait(IReadOnlyList<string> Reasons, DateTimeOffset Since, DateTimeOffset Until);
