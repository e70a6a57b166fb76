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

    internal bool HasErrors => Diagnostics.Any(d => d.Severity == TlsPolicyDiagnosticSeverity.Error);

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
    /// <param name="serviceName">The name of the Service.</param>
    /// <param name="serviceNamespace">Its namespace.</param>
    /// <returns>The binding, or <see langword="null"/> if the Service has none.</returns>
    public TlsPolicyBinding? Find(string serviceName, string serviceNamespace = ServiceName.DefaultNamespace) =>
        Bindings.FirstOrDefault(b => b.TargetName == serviceName && b.TargetNamespace == serviceNamespace);

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
