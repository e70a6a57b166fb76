using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>Whether the policy in force is the one in its source.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpstreamTlsState>))]
public enum UpstreamTlsState
{
    /// <summary>The policy in force is the one in its source.</summary>
    UpToDate,

    /// <summary>
    /// The source's policy cannot be used or is gone, and the previous policy stays in force; or a client cannot be put
    /// under the policy, and its requests are refused.
    /// </summary>
    Degraded,

    /// <summary>
    /// The source has a policy that takes something away or is weaker: the previous policy stays in force until the new
    /// one has stayed the same for <see cref="OutboundTlsBuilder.WeakeningDelay"/>.
    /// </summary>
    Waiting,

    /// <summary>
    /// The policy in force is the source's, and weaker than the last confirmed one. The state lasts until a policy is
    /// in force that is not, or <see cref="IOutboundTlsManager.ReloadAsync"/> is called.
    /// </summary>
    Weakened,
}
