namespace FlexTls;

/// <summary>The owner of a policy: a Service, one client, or all clients without a policy of their own.</summary>
internal sealed record UpstreamKey
{
    private UpstreamKey(string? @namespace, string? name) => (Namespace, Name) = (@namespace, name);

    /// <summary>All clients that have no policy of their own.</summary>
    public static UpstreamKey AllClients { get; } = new(null, null);

    /// <summary>The namespace of a Service; <see langword="null"/> for clients.</summary>
    public string? Namespace { get; }

    /// <summary>The name of the Service or of the client; <see langword="null"/>: all clients.</summary>
    public string? Name { get; }

    public bool IsService => Namespace is not null;

    /// <summary>Whether it is one client.</summary>
    public bool IsClient => Namespace is null && Name is not null;

    public static UpstreamKey OfClient(string client) => new(null, client);

    public static UpstreamKey OfService(string @namespace, string name) => new(@namespace, name);

    /// <summary>The Service that a binding is for.</summary>
    public static UpstreamKey Of(ServiceName target) => new(target.Namespace, target.Name);

    /// <summary>The errors in the bindings of each Service.</summary>
    public static IEnumerable<(UpstreamKey Key, TlsPolicyDiagnostic Error)> Of(
        ILookup<ServiceName, TlsPolicyDiagnostic> faulty) =>
        faulty.SelectMany(faults => faults.Select(error => (Of(faults.Key), error)));

    /// <summary>
    /// Reads <c>orders</c> or <c>payments/orders</c>; <see langword="null"/> where it is neither.
    /// </summary>
    public static UpstreamKey? TryParse(string text) => ServiceName.TryParse(text) is { } service ? Of(service) : null;

    /// <summary>Whether a text includes a namespace; otherwise it may mean a Service in any.</summary>
    public static bool IsQualified(string text) => text.Contains('/', StringComparison.Ordinal);

    /// <summary>How messages name it.</summary>
    public string InWords => IsService ? $"upstream '{this}'" : IsClient ? $"client '{Name}'" : $"{this}";

    /// <summary>The name as users write it; the default namespace is left out.</summary>
    public override string ToString() =>
        IsService && Namespace != ServiceName.DefaultNamespace ? $"{Namespace}/{Name}" : Name ?? "all clients";
}
