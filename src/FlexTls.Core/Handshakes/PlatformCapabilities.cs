using System.Net.Security;

namespace FlexTls;

/// <summary>The capabilities of this machine's TLS library, determined from what it actually offers.</summary>
internal sealed class PlatformCapabilities
{
    private static readonly Lazy<PlatformCapabilities> Probed = new(Probe);

    private readonly Dictionary<TlsVersion, IReadOnlySet<TlsCipherSuite>> _offered;
    private readonly IReadOnlyList<TlsCipherSuite> _tls13Default;
    private readonly IReadOnlyDictionary<TlsVersion, IReadOnlyList<string>> _groups;

    /// <param name="selectsCipherSuites">Whether suites can be chosen per connection.</param>
    /// <param name="offered">For each version that works at all, the suites that the platform can offer.</param>
    /// <param name="tls13Default">
    /// The suites that the platform offers in TLS 1.3 by itself. Sessions can be resumed with these. Default: none.
    /// </param>
    /// <param name="groups">For each version, the groups that the platform offers. Default: unknown.</param>
    internal PlatformCapabilities(
        bool selectsCipherSuites, Dictionary<TlsVersion, IReadOnlySet<TlsCipherSuite>> offered,
        IReadOnlyList<TlsCipherSuite>? tls13Default = null,
        IReadOnlyDictionary<TlsVersion, IReadOnlyList<string>>? groups = null)
    {
        (SelectsCipherSuites, _offered, _tls13Default) = (selectsCipherSuites, offered, tls13Default ?? []);
        _groups = groups ?? new Dictionary<TlsVersion, IReadOnlyList<string>>();
    }

    public static PlatformCapabilities Current => Probed.Value;

    public bool SelectsCipherSuites { get; }

    public bool Offers(TlsVersion version) => _offered.TryGetValue(version, out var suites) && suites.Count > 0;

    /// <summary>Whether a suite is offered for at least one version of the range.</summary>
    public bool Offers(CipherSuiteInfo suite, TlsVersionRange range) =>
        range.Versions.Where(suite.Versions.Contains)
            .Any(version => _offered.TryGetValue(version, out var suites) && suites.Contains(suite.Suite));

    /// <summary>
    /// The suites that the platform offers in TLS 1.3 without a policy for them, in its order, if they are among these;
    /// empty: they are not, or sessions cannot be resumed that way.
    /// </summary>
    public IReadOnlyList<TlsCipherSuite> ResumableWithin(IReadOnlyCollection<TlsCipherSuite> suites) =>
        _tls13Default.All(suites.Contains) ? _tls13Default : [];

    /// <summary>The groups for key exchanges that are offered for at least one version of the range.</summary>
    public IReadOnlyList<string> GroupsOf(TlsVersionRange range) =>
        [.. range.Versions.Reverse().SelectMany(version => _groups.GetValueOrDefault(version) ?? []).Distinct()];

    private static PlatformCapabilities Probe()
    {
        // Windows configures suites for the whole machine; its CipherSuitesPolicy constructor throws.
        var selects = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD();
        var offered = new Dictionary<TlsVersion, IReadOnlySet<TlsCipherSuite>>();
        var groups = new Dictionary<TlsVersion, IReadOnlyList<string>>();
        foreach (var version in Enum.GetValues<TlsVersion>())
        {
            var all = CipherSuiteCatalog.All.Where(suite => suite.Versions.Contains(version))
                .Select(suite => suite.Suite).ToHashSet();
            offered[version] = all;
            if (selects)
            {
                var hello = ClientHelloProbe.Read(version, all);
                (offered[version], groups[version]) = (hello.CipherSuites.ToHashSet(), hello.Groups);
            }
        }

        // How other platforms resume sessions was not examined.
        var tls13 = OperatingSystem.IsLinux()
            ? ClientHelloProbe.Read(TlsVersion.Tls13, suites: null).CipherSuites : null;
        return new PlatformCapabilities(selects, offered, tls13, groups);
    }
}
