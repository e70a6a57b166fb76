using FlexTls.Sources;

namespace FlexTls.Upstreams;

/// <summary>What a client is bound to: a registered upstream, or a policy of its own.</summary>
/// <param name="Upstream">The registered upstream.</param>
/// <param name="Policy">The policy of its own.</param>
/// <param name="Unit">Where that one is read.</param>
internal sealed record ClientTarget(UpstreamName? Upstream, RegisteredPolicy? Policy, ClientUnit? Unit = null);
