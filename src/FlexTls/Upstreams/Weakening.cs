namespace FlexTls.Upstreams;

/// <summary>What the policy in force protects less than the one that it replaced, and since when.</summary>
internal sealed record Weakening(IReadOnlyList<string> Changes, DateTimeOffset Since);
