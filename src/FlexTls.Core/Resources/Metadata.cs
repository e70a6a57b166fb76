namespace FlexTls;

/// <summary>Name and namespace of a resource.</summary>
internal sealed record Metadata(string Name, string Namespace)
{
    public static Metadata? Read(MappingReader resource)
    {
        if (resource.RequiredMapping("metadata") is not { } metadata)
        {
            return null;
        }

        var name = metadata.RequiredName("name");
        var @namespace = NamespaceOf(metadata);
        metadata.Ignore(FlexResource.KubernetesMetadata);
        metadata.RejectOthers();

        // An unreadable namespace must not become the default one.
        return name is null || (@namespace is null && metadata.Has("namespace"))
            ? null
            : new Metadata(name.Text, @namespace ?? ServiceName.DefaultNamespace);
    }

    /// <summary>
    /// The value of <c>namespace</c>; <see langword="null"/> if it was left out, or after a reported fault.
    /// </summary>
    public static string? NamespaceOf(MappingReader mapping) =>
        mapping.Find("namespace") is null ? null : mapping.RequiredName("namespace")?.Text;
}
