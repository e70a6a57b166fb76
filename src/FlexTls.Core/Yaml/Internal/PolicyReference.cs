namespace FlexTls.Yaml;

/// <summary>The name of a binding's policy; unknown where it is missing or stands there twice.</summary>
internal sealed record PolicyReference(YamlScalar? Name)
{
    /// <summary>Whether it is the name of another policy, and no misspelling of ours.</summary>
    public bool IsOther => Name is not null && !FlexResource.IsNearTlsOutbound(Name.Text);

    /// <summary>Whether it is our policy's name, or a misspelling of it.</summary>
    public bool IsOurs => Name is not null && FlexResource.IsNearTlsOutbound(Name.Text);
}
