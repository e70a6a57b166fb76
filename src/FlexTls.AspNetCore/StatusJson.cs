using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>How the answers are written without reflection: as <c>JsonSerializer.Serialize</c> writes them.</summary>
[JsonSerializable(typeof(OutboundTlsStatus))]
[JsonSerializable(typeof(UnusablePolicies))]
internal sealed partial class StatusJson : JsonSerializerContext;
