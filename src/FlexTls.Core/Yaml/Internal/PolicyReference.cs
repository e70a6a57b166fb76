namespace FlexTls.Yaml;

/// <summary>The names that a resource gives for its policy: none where it is missing, several where a key stands there twice.</summary>
internal sealed record PolicyReference(IReadOnlyList<YamlScalar> Names)
{
    /// <summary>The name of another policy, and no misspelling of ours; <see langword="null"/> where that cannot be told.</summary>
    public YamlScalar? Other => Names is [var only] && only.Text.Length > 0 && !FlexResource.IsNearTlsOutbound(only.Text) ? only : null;

    /// <summary>Whether one of the names is our policy's, or a misspelling of it.</summary>
    public bool IsOurs => Names.Any(name => FlexResource.IsNearTlsOutbound(name.Text));
}
