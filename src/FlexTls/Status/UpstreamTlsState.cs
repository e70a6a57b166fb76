using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>Whether the policy in force is the one that its source holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpstreamTlsState>))]
public enum UpstreamTlsState
{
    /// <summary>It is.</summary>
    UpToDate,

    /// <summary>The source holds something that cannot be used, or nothing any more: the policy before it stays in force.</summary>
    Degraded,
}
