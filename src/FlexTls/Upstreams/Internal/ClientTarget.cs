using FlexTls.Sources;

namespace FlexTls.Upstreams;

/// <summary>What a client is bound to: a registered upstream, or a policy of its own.</summary>
internal sealed record ClientTarget(UpstreamName? Upstream, RegisteredPolicy? Policy);
