using System.Net.Security;

namespace FlexTls;

/// <summary>Why a server may have nothing in common with an offer.</summary>
internal static class CommonGround
{
    private const int MostNames = 3;

    /// <summary>
    /// The most likely reason first. It names the suites that were chosen in <c>ciphers</c>, with their versions.
    /// </summary>
    public static string MissingIn(EffectiveTlsSettings offered)
    {
        var suites = offered.CipherSuites.Select(Find).OfType<CipherSuiteInfo>()
            .Where(suite => !suite.IsTls13).ToList();
        return suites.Count == 0 || suites.ToHashSet().SetEquals(CipherSuiteCatalog.Tls12Defaults)
            ? "the server has no cipher suite, signature algorithm or group in common with the policy"
            : $"the server has none of the cipher suites that ciphers offers for {VersionsOf(offered.Versions)} "
                + $"({Names(suites)}{Needed(suites)}), or no signature algorithm or group in common with the policy";
    }

    private static CipherSuiteInfo? Find(TlsCipherSuite suite) =>
        CipherSuiteCatalog.TryFind(suite, out var found) ? found : null;

    private static TlsVersionRange VersionsOf(TlsVersionRange offered) =>
        new(offered.Min, offered.Max < TlsVersion.Tls12 ? offered.Max : TlsVersion.Tls12);

    private static string Names(List<CipherSuiteInfo> suites)
    {
        var names = string.Join(", ", suites.Take(MostNames));
        return suites.Count > MostNames ? $"{names} and {suites.Count - MostNames} more" : names;
    }

    /// <summary>The kind of key that all of the suites require of a server.</summary>
    private static string Needed(List<CipherSuiteInfo> suites) =>
        AllAreFor("_ECDSA_", suites) ? "; for a certificate with an EC key"
        : AllAreFor("_RSA_", suites) ? "; for a certificate with an RSA key"
        : "";

    private static bool AllAreFor(string key, List<CipherSuiteInfo> suites) =>
        suites.TrueForAll(suite => suite.Name.Contains(key, StringComparison.Ordinal));
}
