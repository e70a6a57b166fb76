using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>Whether the policy in force is the one that its source holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpstreamTlsState>))]
public enum UpstreamTlsState
{
    /// <summary>It is.</summary>
    UpToDate,

    /// <summary>
    /// The source holds something that cannot be used, or nothing any more: the policy before it stays in force.
    /// </summary>
    Degraded,

    /// <summary>
    /// The source holds a policy that takes something away or is weaker: the previous policy stays in force until the
    /// new one has stayed the same for <see cref="OutboundTlsBuilder.WeakeningDelay"/>.
    /// </summary>
    Waiting,

    /// <summary>
    /// The policy in force is the source's, and weaker than the one that it replaced. The state lasts until the policy
    /// changes again or <see cref="IOutboundTlsManager.ReloadAsync"/> is called.
    /// </summary>
    Weakened,
}
