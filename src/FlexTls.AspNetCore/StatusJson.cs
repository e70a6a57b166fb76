using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>How the answers are written without reflection: with the names that ASP.NET Core writes.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(OutboundTlsStatus))]
[JsonSerializable(typeof(UnusablePolicies))]
internal sealed partial class StatusJson : JsonSerializerContext;
