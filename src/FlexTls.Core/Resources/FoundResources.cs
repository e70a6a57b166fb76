namespace FlexTls;

/// <summary>Collects the resources of a text while it is read.</summary>
internal sealed class FoundResources
{
    private readonly List<TlsPolicyBinding> _bindings = [];
    private readonly List<UpstreamService> _services = [];
    private readonly List<(ServiceName Target, TlsPolicyDiagnostic Error)> _faults = [];

    /// <summary>The bindings that could be created; a binding that also has a fault is not good.</summary>
    public IReadOnlyList<TlsPolicyBinding> Bindings => _bindings;

    public IReadOnlyList<UpstreamService> Services => _services;

    /// <summary>The errors of bindings whose Service is known.</summary>
    public IReadOnlyList<(ServiceName Target, TlsPolicyDiagnostic Error)> Faults => _faults;

    public void Add(TlsPolicyBinding binding) => _bindings.Add(binding);

    public void Add(UpstreamService service) => _services.Add(service);

    /// <param name="target">
    /// The Service of the binding; <see langword="null"/>: unknown, so that no binding of the file is certain.
    /// </param>
    /// <param name="errors">The errors of the binding.</param>
    public void AddFault(ServiceName? target, IReadOnlyList<TlsPolicyDiagnostic> errors)
    {
        if (target is { } service)
        {
            _faults.AddRange(errors.Select(error => (service, error)));
        }
    }
}
