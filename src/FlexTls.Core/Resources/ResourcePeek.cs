namespace FlexTls;

/// <summary>
/// Looks at a resource before it is known whether it is ours, and reports nothing. It finds keys as
/// <see cref="MappingReader"/> does, aliases and letter case included, so that both see the same resource.
/// </summary>
internal static class ResourcePeek
{
    /// <summary>Whether a key occurs more than once, so that the kind of resource is uncertain.</summary>
    public static bool IsAmbiguous(YamlMapping mapping, string key) => All(mapping, key).Skip(1).Any();

    public static YamlNode? Child(YamlMapping mapping, string key) =>
        All(mapping, key).Take(2).ToList() is [var only] ? only : null;

    public static YamlScalar? Scalar(YamlMapping mapping, string key) =>
        Child(mapping, key) is YamlScalar { IsNull: false } scalar && scalar.Text.Length > 0 ? scalar : null;

    /// <summary>The values of all occurrences of a key.</summary>
    public static IEnumerable<YamlNode> All(YamlMapping mapping, string key) => mapping.Entries
        .Where(entry => Target(entry.Key) is YamlScalar scalar
            && string.Equals(scalar.Text, key, StringComparison.OrdinalIgnoreCase))
        .Select(entry => Target(entry.Value))
        .OfType<YamlNode>();

    private static YamlNode? Target(YamlNode node) => node is YamlAlias alias ? alias.Target : node;
}
