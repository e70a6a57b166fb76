using FlexTls.Yaml;

namespace FlexTls.Sources;

/// <summary>An upstream: a Service of policy files, by namespace and name.</summary>
internal readonly record struct UpstreamName(string Namespace, string Service)
{
    private const string DefaultNamespace = "default";

    /// <summary>Reads <c>orders</c> or <c>payments/orders</c>; <see langword="null"/> where it is neither.</summary>
    public static UpstreamName? TryParse(string text) => LooksLikePath(text) ? null : text.Split('/') switch
    {
        [var service] when ResourceName.IsValid(service) => new UpstreamName(DefaultNamespace, service),
        [var @namespace, var service] when ResourceName.IsValid(@namespace) && ResourceName.IsValid(service) =>
            new UpstreamName(@namespace, service),
        _ => null,
    };

    /// <summary>The upstream of a binding's target.</summary>
    public static UpstreamName Of(ServiceName target) => new(target.Namespace, target.Name);

    /// <summary>The same, of all that has faults.</summary>
    public static ILookup<UpstreamName, TlsPolicyDiagnostic> Of(ILookup<ServiceName, TlsPolicyDiagnostic> faulty) =>
        faulty.SelectMany(faults => faults.Select(error => (Name: Of(faults.Key), Error: error))).ToLookup(fault => fault.Name, fault => fault.Error);

    /// <summary>Whether a text names its namespace; otherwise the namespace is found out.</summary>
    public static bool IsQualified(string text) => text.Contains('/', StringComparison.Ordinal);

    public bool IsInDefaultNamespace => Namespace == DefaultNamespace;

    /// <summary>The name as it is written and shown, without the default namespace.</summary>
    public override string ToString() => IsInDefaultNamespace ? Service : $"{Namespace}/{Service}";

    private static bool LooksLikePath(string text) =>
        text.StartsWith('.') || text.Contains('\\', StringComparison.Ordinal) || text.Contains('*', StringComparison.Ordinal)
        || text.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || text.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
}
