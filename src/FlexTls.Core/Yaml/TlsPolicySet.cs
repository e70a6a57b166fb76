using FlexTls.Diagnostics;
using FlexTls.Yaml;

namespace FlexTls;

/// <summary>
/// What policy files hold. Immutable, and free of faults when it comes from <see cref="TlsPolicyFile.Load"/> or
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
    /// The good <c>tls-outbound</c> bindings, in file order; at most one for a Service, unless the set was combined.
    /// </summary>
    public IReadOnlyList<TlsPolicyBinding> Bindings { get; }

    /// <summary>The services that the files describe, in file order.</summary>
    public IReadOnlyList<UpstreamService> Services { get; }

    /// <summary>Everything that was found, in file order.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Diagnostics { get; }

    /// <summary>The texts that the set was read from, each with whose faults are whose.</summary>
    internal IReadOnlyList<PolicyFileReading> Readings { get; private init; } = [];

    internal bool HasErrors => Diagnostics.Any(d => d.Severity == TlsPolicyDiagnosticSeverity.Error);

    /// <summary>
    /// Puts the texts of one <see cref="ITlsPolicySource"/> together. Conflicts between them are found when the source
    /// is used.
    /// </summary>
    /// <param name="sets">What <see cref="TlsPolicyReader.Read"/> gave.</param>
    /// <returns>All of it, in this order.</returns>
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
    public TlsPolicyBinding? Find(string serviceName, string serviceNamespace = "default") =>
        Bindings.FirstOrDefault(b => b.TargetName == serviceName && b.TargetNamespace == serviceNamespace);

    /// <summary>What texts hold; nothing if there is an error anywhere.</summary>
    internal static TlsPolicySet Whole(IReadOnlyList<PolicyFileReading> readings, DiagnosticList diagnostics) => new(
        diagnostics.HasErrors ? [] : [.. readings.SelectMany(reading => reading.Bindings)],
        diagnostics.HasErrors ? [] : [.. readings.SelectMany(reading => reading.Services)],
        diagnostics.InFileOrder())
    {
        Readings = readings,
    };

    /// <summary>What texts hold, good bindings beside faults.</summary>
    internal static TlsPolicySet Of(IReadOnlyList<PolicyFileReading> readings) => new(
        [.. readings.SelectMany(reading => reading.Bindings)],
        [.. readings.SelectMany(reading => reading.Services)],
        [.. readings.SelectMany(reading => reading.Diagnostics)])
    {
        Readings = readings,
    };
}
