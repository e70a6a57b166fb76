namespace FlexTls.Yaml;

/// <summary>
/// Looks at a resource before it is known whether it is ours, and reports nothing. Keys are found as
/// <see cref="MappingReader"/> finds them, aliases and letter case included, so that both see the same resource.
/// </summary>
internal static class ResourcePeek
{
    /// <summary>Whether a key stands there more than once, so that nobody can say what the resource is.</summary>
    public static bool IsAmbiguous(YamlMapping mapping, string key) => All(mapping, key).Skip(1).Any();

    public static YamlNode? Child(YamlMapping mapping, string key) =>
        All(mapping, key).Take(2).ToList() is [var only] ? only : null;

    public static YamlScalar? Scalar(YamlMapping mapping, string key) =>
        Child(mapping, key) is YamlScalar { IsNull: false } scalar && scalar.Text.Length > 0 ? scalar : null;

    /// <summary>The values of a key, every time that it stands there.</summary>
    public static IEnumerable<YamlNode> All(YamlMapping mapping, string key) => mapping.Entries
        .Where(entry => Target(entry.Key) is YamlScalar scalar
            && string.Equals(scalar.Text, key, StringComparison.OrdinalIgnoreCase))
        .Select(entry => Target(entry.Value))
        .OfType<YamlNode>();

    private static YamlNode? Target(YamlNode node) => node is YamlAlias alias ? alias.Target : node;
}
