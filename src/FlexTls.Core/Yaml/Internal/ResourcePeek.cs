namespace FlexTls.Yaml;

/// <summary>
/// Looks at a resource before it is known whether it is ours, and reports nothing. Keys are found as
/// <see cref="MappingReader"/> finds them, aliases and letter case included, so that both see the same resource.
/// </summary>
internal static class ResourcePeek
{
    /// <summary>Whether a key stands there more than once, so that nobody can say what the resource is.</summary>
    public static bool IsAmbiguous(YamlMapping mapping, string key) => All(mapping, key).Count > 1;

    public static YamlNode? Child(YamlMapping mapping, string key) => All(mapping, key) is [var only] ? only : null;

    public static YamlScalar? Scalar(YamlMapping mapping, string key) =>
        Child(mapping, key) is YamlScalar { IsNull: false } scalar && scalar.Text.Length > 0 ? scalar : null;

    /// <summary>What a resource says of the policy that it refers to, every time that it says it.</summary>
    public static PolicyReference Policy(YamlMapping mapping)
    {
        var names = All(mapping, "spec").OfType<YamlMapping>()
            .SelectMany(spec => All(spec, "policyRef")).OfType<YamlMapping>()
            .SelectMany(policyRef => All(policyRef, "name")).OfType<YamlScalar>();
        return new PolicyReference([.. names]);
    }

    private static List<YamlNode> All(YamlMapping mapping, string key) =>
    [
        .. mapping.Entries
            .Where(entry => Target(entry.Key) is YamlScalar scalar && string.Equals(scalar.Text, key, StringComparison.OrdinalIgnoreCase))
            .Select(entry => Target(entry.Value))
            .OfType<YamlNode>(),
    ];

    private static YamlNode? Target(YamlNode node) => node is YamlAlias alias ? alias.Target : node;
}
