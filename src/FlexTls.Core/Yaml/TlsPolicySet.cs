namespace FlexTls;

/// <summary>What policy files hold. Immutable, and free of faults when it comes from <see cref="TlsPolicyFile.Load"/> or <see cref="TlsPolicyFile.Parse"/>.</summary>
public sealed class TlsPolicySet
{
    internal TlsPolicySet(IReadOnlyList<TlsPolicyBinding> bindings, IReadOnlyList<UpstreamService> services, IReadOnlyList<TlsPolicyDiagnostic> diagnostics) =>
        (Bindings, Services, Diagnostics) = (bindings, services, diagnostics);

    /// <summary>The <c>tls-outbound</c> bindings, in file order; at most one for a Service.</summary>
    public IReadOnlyList<TlsPolicyBinding> Bindings { get; }

    /// <summary>The services that the files describe, in file order.</summary>
    public IReadOnlyList<UpstreamService> Services { get; }

    /// <summary>Everything that was found, in file order.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Diagnostics { get; }

    internal bool HasErrors => Diagnostics.Any(d => d.Severity == TlsPolicyDiagnosticSeverity.Error);

    /// <summary>The binding of a Service.</summary>
    /// <param name="serviceName">The name of the Service.</param>
    /// <param name="serviceNamespace">Its namespace.</param>
    /// <returns>The binding, or <see langword="null"/> if the Service has none.</returns>
    public TlsPolicyBinding? Find(string serviceName, string serviceNamespace = "default") =>
        Bindings.FirstOrDefault(b => b.TargetName == serviceName && b.TargetNamespace == serviceNamespace);
}
