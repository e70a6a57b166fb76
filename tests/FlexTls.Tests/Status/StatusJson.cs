using System.Text.Json.Serialization;

namespace FlexTls.Status;

/// <summary>What a program under Native AOT has for its status page.</summary>
[JsonSerializable(typeof(OutboundTlsStatus))]
internal sealed partial class StatusJson : JsonSerializerContext;
