using System.Net.Security;

namespace FlexTls;

/// <summary>The capabilities of this machine's TLS library, determined from what it actually offers.</summary>
internal sealed class PlatformCapabilities
{
    private static readonly Lazy<PlatformCapabilities> Probed = new(Probe);

    private readonly Dictionary<TlsVersion, IReadOnlySet<TlsCipherSuite>> _offered;

    /// <param name="selectsCipherSuites">Whether suites can be chosen per connection.</param>
    /// <param name="offered">For each version that works at all, the suites that the platform can offer.</param>
    internal PlatformCapabilities(
        bool selectsCipherSuites, Dictionary<TlsVersion, IReadOnlySet<TlsCipherSuite>> offered) =>
        (SelectsCipherSuites, _offered) = (selectsCipherSuites, offered);

    public static PlatformCapabilities Current => Probed.Value;

    public bool SelectsCipherSuites { get; }

    public bool Offers(TlsVersion version) => _offered.TryGetValue(version, out var suites) && suites.Count > 0;

    /// <summary>Whether a suite is offered for at least one version of the range.</summary>
    public bool Offers(CipherSuiteInfo suite, TlsVersionRange range) =>
        range.Versions.Where(suite.Versions.Contains)
            .Any(version => _offered.TryGetValue(version, out var suites) && suites.Contains(suite.Suite));

    private static PlatformCapabilities Probe()
    {
        // Windows configures suites for the whole machine; its CipherSuitesPolicy constructor throws.
        var selects = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD();
        var offered = new Dictionary<TlsVersion, IReadOnlySet<TlsCipherSuite>>();
        foreach (var version in Enum.GetValues<TlsVersion>())
        {
            var all = CipherSuiteCatalog.All.Where(suite => suite.Versions.Contains(version))
                .Select(suite => suite.Suite);
            offered[version] = selects
                ? ClientHelloProbe.OfferedSuites(version, all)
                : new HashSet<TlsCipherSuite>(all);
        }

        return new PlatformCapabilities(selects, offered);
    }
}
