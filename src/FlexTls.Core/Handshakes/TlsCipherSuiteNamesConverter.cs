using System.ComponentModel;
using System.Net.Security;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>
/// Writes cipher suites by their names. Public because the source generator of <see cref="System.Text.Json"/> refers to
/// it in generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TlsCipherSuiteNamesConverter : JsonConverter<IReadOnlyList<TlsCipherSuite>>
{
    /// <summary>Not supported: settings are only written, never read.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="typeToConvert">The type.</param>
    /// <param name="options">The options.</param>
    /// <returns>Nothing.</returns>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override IReadOnlyList<TlsCipherSuite> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException();

    /// <summary>Writes the names.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The suites.</param>
    /// <param name="options">The options.</param>
    public override void Write(
        Utf8JsonWriter writer, IReadOnlyList<TlsCipherSuite> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var suite in value)
        {
            writer.WriteStringValue(suite.ToString());
        }

        writer.WriteEndArray();
    }
}
