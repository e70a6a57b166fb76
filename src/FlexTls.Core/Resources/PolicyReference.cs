namespace FlexTls;

/// <summary>The policy name in a resource; its key may occur several times.</summary>
/// <param name="Name">The only name; <see langword="null"/> if there is none, or more than one.</param>
/// <param name="IsRepeated">Whether there is more than one name.</param>
/// <param name="IsOurs">Whether one of the names is our policy's, or a misspelling of it.</param>
internal readonly record struct PolicyReference(YamlScalar? Name, bool IsRepeated, bool IsOurs)
{
    /// <summary>
    /// The name of another policy, which is not a misspelling of ours; <see langword="null"/>: unknown.
    /// </summary>
    public YamlScalar? Other => Name is { Text.Length: > 0 } && !IsOurs ? Name : null;

    public static PolicyReference Of(YamlScalar name) => new(name, false, FlexResource.IsNearTlsOutbound(name.Text));

    /// <summary>Combines the references from two parts of a resource.</summary>
    public PolicyReference And(PolicyReference other)
    {
        var both = Name is not null && other.Name is not null;
        var isRepeated = IsRepeated || other.IsRepeated || both;
        return new(isRepeated ? null : Name ?? other.Name, isRepeated, IsOurs || other.IsOurs);
    }
}
