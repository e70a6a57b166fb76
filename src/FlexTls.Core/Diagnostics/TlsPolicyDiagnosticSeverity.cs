using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>The severity of a <see cref="TlsPolicyDiagnostic"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TlsPolicyDiagnosticSeverity>))]
public enum TlsPolicyDiagnosticSeverity
{
    /// <summary>For information; no fix is needed.</summary>
    Information,

    /// <summary>The policy works as described, but probably not as its author intended.</summary>
    Warning,

    /// <summary>The policy cannot be used.</summary>
    Error,
}
