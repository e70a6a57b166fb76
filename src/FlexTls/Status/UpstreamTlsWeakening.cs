namespace FlexTls;

/// <summary>What the policy in force protects less than the one that it replaced.</summary>
/// <param name="Changes">What became weaker, in words.</param>
/// <param name="Since">When it was put in force.</param>
public sealed record UpstreamTlsWeakening(IReadOnlyList<string> Changes, DateTimeOffset Since);
