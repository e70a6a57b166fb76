using Newtonsoft.Json.Linq;
using NJsonSchema;

namespace FlexTls.Schema;

/// <summary>The schema that editors check policy files with.</summary>
internal static class PolicySchema
{
    private static readonly string Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "schema", "flextls-policy.schema.json"));

    private static readonly Lazy<Task<JsonSchema>> Validator = new(() => JsonSchema.FromJsonAsync(Text));

    private static JObject Root { get; } = JObject.Parse(Text);

    /// <summary>The part of the schema that describes a mapping of the binding, such as <c>spec.config</c>; the entries of a list are <c>key[0]</c>.</summary>
    public static JObject Of(string path) =>
        path.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(Definition("binding"), (schema, key) =>
            key.EndsWith("[0]", StringComparison.Ordinal) ? Resolve(Resolve(Properties(schema)[key[..^3]]!)["items"]!) : Resolve(Properties(schema)[key]!));

    public static JObject Definition(string name) => (JObject)Root["definitions"]![name]!;

    public static JObject Properties(JObject schema) => (JObject)schema["properties"]!;

    public static string[] Texts(JToken array) => [.. array.Values<string>().OfType<string>()];

    /// <summary>What an editor would underline in a text; empty: nothing.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(string yaml)
    {
        var schema = await Validator.Value;
        return [.. YamlToJson.Documents(yaml).SelectMany(document => schema.Validate(document)).Select(fault => fault.ToString())];
    }

    private static JObject Resolve(JToken schema) => schema["$ref"] is { } reference ? Definition(((string)reference!).Split('/')[^1]) : (JObject)schema;
}
