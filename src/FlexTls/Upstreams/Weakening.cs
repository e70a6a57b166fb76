namespace FlexTls.Upstreams;

/// <summary>Where the policy in force protects less than the previous one, and since when.</summary>
internal sealed record Weakening(IReadOnlyList<string> Changes, DateTimeOffset Since);
