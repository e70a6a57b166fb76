using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>How much a <see cref="TlsPolicyDiagnostic"/> matters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TlsPolicyDiagnosticSeverity>))]
public enum TlsPolicyDiagnosticSeverity
{
    /// <summary>Worth knowing; nothing to mend.</summary>
    Information,

    /// <summary>The policy is used as described, but probably not as its author meant it.</summary>
    Warning,

    /// <summary>The policy cannot be used.</summary>
    Error,
}
