namespace FlexTls.Yaml;

/// <summary>Gathers what a text holds while it is read.</summary>
internal sealed class FoundResources
{
    private readonly List<TlsPolicyBinding> _bindings = [];
    private readonly List<UpstreamService> _services = [];
    private readonly List<(ServiceName Target, TlsPolicyDiagnostic Error)> _faults = [];

    /// <summary>The bindings that could be made; one that also has a fault is no good.</summary>
    public IReadOnlyList<TlsPolicyBinding> Bindings => _bindings;

    public IReadOnlyList<UpstreamService> Services => _services;

    /// <summary>The errors of bindings whose Service is known.</summary>
    public IReadOnlyList<(ServiceName Target, TlsPolicyDiagnostic Error)> Faults => _faults;

    public void Add(TlsPolicyBinding binding) => _bindings.Add(binding);

    public void Add(UpstreamService service) => _services.Add(service);

    /// <param name="target">
    /// The Service of the binding; <see langword="null"/>: unknown, so that nothing can be said of any.
    /// </param>
    /// <param name="errors">What is wrong with the binding.</param>
    public void AddFault(ServiceName? target, IReadOnlyList<TlsPolicyDiagnostic> errors)
    {
        if (target is { } service)
        {
            _faults.AddRange(errors.Select(error => (service, error)));
        }
    }
}
