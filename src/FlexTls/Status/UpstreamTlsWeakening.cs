namespace FlexTls;

/// <summary>Where the policy in force protects less than the previous one.</summary>
/// <param name="Changes">What became weaker, in words.</param>
/// <param name="Since">When that policy was put in force.</param>
public sealed record UpstreamTlsWeakening(IReadOnlyList<string> Changes, DateTimeOffset Since);
