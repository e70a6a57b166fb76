using System.ComponentModel;
using System.Net.Security;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>
/// Writes and reads cipher suites by their names. Public because the source generator of <see cref="System.Text.Json"/>
/// refers to it in generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TlsCipherSuiteNamesConverter : JsonConverter<IReadOnlyList<TlsCipherSuite>>
{
    /// <summary>Reads the names.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="typeToConvert">The type.</param>
    /// <param name="options">The options.</param>
    /// <returns>The suites.</returns>
    /// <exception cref="JsonException">It is not a list of names of cipher suites.</exception>
    public override IReadOnlyList<TlsCipherSuite> Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException();
        }

        var suites = new List<TlsCipherSuite>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            suites.Add(
                reader.TokenType == JsonTokenType.String && Enum.TryParse(reader.GetString(), out TlsCipherSuite suite)
                    ? suite : throw new JsonException());
        }

        return suites;
    }

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
