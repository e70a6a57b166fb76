namespace FlexTls;

/// <summary>
/// The content of policy files. Immutable, and free of errors if it comes from <see cref="TlsPolicyFile.Load"/> or
/// <see cref="TlsPolicyFile.Parse"/>.
/// </summary>
public sealed class TlsPolicySet
{
    private TlsPolicySet(
        IReadOnlyList<TlsPolicyBinding> bindings,
        IReadOnlyList<UpstreamService> services,
        IReadOnlyList<TlsPolicyDiagnostic> diagnostics) =>
        (Bindings, Services, Diagnostics) = (bindings, services, diagnostics);

    /// <summary>
    /// The good <c>tls-outbound</c> bindings, in file order; at most one per Service, unless the set was combined.
    /// </summary>
    public IReadOnlyList<TlsPolicyBinding> Bindings { get; }

    /// <summary>The services that the files describe, in file order.</summary>
    public IReadOnlyList<UpstreamService> Services { get; }

    /// <summary>All findings, in file order.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Diagnostics { get; }

    /// <summary>The readings of the texts, which assign each fault to its Service.</summary>
    internal IReadOnlyList<PolicyFileReading> Readings { get; private init; } = [];

    /// <summary>
    /// Whether there is an error among <see cref="Diagnostics"/>; the set of a <see cref="TlsPolicyReader"/> may have
    /// good bindings beside it.
    /// </summary>
    public bool HasErrors => Diagnostics.Any(d => d.Severity == TlsPolicyDiagnosticSeverity.Error);

    /// <summary>
    /// Combines the texts of one <see cref="ITlsPolicySource"/>. Conflicts between them are found when the source is
    /// used.
    /// </summary>
    /// <param name="sets">The results of <see cref="TlsPolicyReader.Read"/>.</param>
    /// <returns>Their whole content, in this order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="sets"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">One of the sets is <see langword="null"/>.</exception>
    public static TlsPolicySet Combine(params IEnumerable<TlsPolicySet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        TlsPolicySet[] all = [.. sets];
        return all.Contains(null)
            ? throw new ArgumentException("A set is null.", nameof(sets))
            : new TlsPolicySet(
                [.. all.SelectMany(set => set.Bindings)],
                [.. all.SelectMany(set => set.Services)],
                [.. all.SelectMany(set => set.Diagnostics)])
            {
                Readings = [.. all.SelectMany(set => set.Readings)],
            };
    }

    /// <summary>The binding of a Service.</summary>
    /// <param name="name">
    /// The Service with its namespace, <c>payments/orders</c>; or <c>orders</c>, in the namespace <c>default</c> or
    /// else in the only one that has a binding for it.
    /// </param>
    /// <returns>
    /// The binding, or <see langword="null"/> if the Service has none, or if several namespaces have one, but not
    /// <c>default</c>.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is <see langword="null"/>.</exception>
    public TlsPolicyBinding? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (ServiceName.TryParse(name) is not { } service)
        {
            return null;
        }

        var found = Find(service.Name, service.Namespace);
        if (found is not null || name.Contains('/', StringComparison.Ordinal))
        {
            return found;
        }

        var others = Bindings.Where(one => one.TargetName == name).DistinctBy(one => one.TargetNamespace).Take(2);
        return others.ToList() is [var only] ? only : null;
    }

    /// <summary>The binding of a Service.</summary>
    /// <param name="serviceName">The name of the Service.</param>
    /// <param name="serviceNamespace">Its namespace.</param>
    /// <returns>The binding, or <see langword="null"/> if the Service has none.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public TlsPolicyBinding? Find(string serviceName, string serviceNamespace)
    {
        ArgumentNullException.ThrowIfNull(serviceName);
        ArgumentNullException.ThrowIfNull(serviceNamespace);
        return Bindings.FirstOrDefault(
            one => one.TargetName == serviceName && one.TargetNamespace == serviceNamespace);
    }

    /// <summary>The content of texts; nothing if there is any error.</summary>
    internal static TlsPolicySet Whole(IReadOnlyList<PolicyFileReading> readings, DiagnosticList diagnostics) => new(
        diagnostics.HasErrors ? [] : [.. readings.SelectMany(reading => reading.Bindings)],
        diagnostics.HasErrors ? [] : [.. readings.SelectMany(reading => reading.Services)],
        diagnostics.InFileOrder())
    {
        Readings = readings,
    };

    /// <summary>The content of texts: good bindings as well as faults.</summary>
    internal static TlsPolicySet Of(IReadOnlyList<PolicyFileReading> readings) => new(
        [.. readings.SelectMany(reading => reading.Bindings)],
        [.. readings.SelectMany(reading => reading.Services)],
        [.. readings.SelectMany(reading => reading.Diagnostics)])
    {
        Readings = readings,
    };
}
