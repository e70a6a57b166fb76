using System.Diagnostics.CodeAnalysis;
using System.Net.Security;

namespace FlexTls;

/// <summary>
/// The 23 cipher suites that an outbound policy can name, with the advice of the gateway's documentation.
/// </summary>
public static class CipherSuiteCatalog
{
    // The names of suites differ in few letters; a more distant name is not a misspelling of any of them.
    private const int MostEdits = 6;

    private static readonly Dictionary<string, CipherSuiteInfo> ByName = CipherSuiteTable.Rows.ToDictionary(
        s => s.Name, StringComparer.Ordinal);

    private static readonly Dictionary<TlsCipherSuite, CipherSuiteInfo> BySuite =
        CipherSuiteTable.Rows.ToDictionary(s => s.Suite);

    private static readonly Dictionary<string, CipherSuiteInfo> ByOpenSslName =
        CipherSuiteTable.Rows.Where(s => !s.IsTls13).ToDictionary(s => s.OpenSslName, StringComparer.OrdinalIgnoreCase);

    /// <summary>All suites, in the order of the gateway's table.</summary>
    public static IReadOnlyList<CipherSuiteInfo> All { get; } = Array.AsReadOnly(CipherSuiteTable.Rows);

    /// <summary>The six suites of TLS 1.2 that a policy without <c>ciphers</c> offers, most preferred first.</summary>
    public static IReadOnlyList<CipherSuiteInfo> Tls12Defaults { get; } =
        Array.AsReadOnly([.. CipherSuiteTable.Rows.Where(s => s.DefaultOrder > 0).OrderBy(s => s.DefaultOrder)]);

    /// <summary>
    /// The three suites of TLS 1.3, offered whenever TLS 1.3 is in range. Their order is the platform's.
    /// </summary>
    public static IReadOnlyList<CipherSuiteInfo> Tls13 { get; } = Array.AsReadOnly(
        [.. CipherSuiteTable.Rows.Where(s => s.IsTls13)]);

    /// <summary>Finds a suite by its IANA name, exactly as written.</summary>
    /// <param name="name">The name, such as <c>TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256</c>.</param>
    /// <param name="suite">The suite.</param>
    /// <returns><see langword="false"/> if the catalog has no suite of that name.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is <see langword="null"/>.</exception>
    public static bool TryFind(string name, [NotNullWhen(true)] out CipherSuiteInfo? suite)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ByName.TryGetValue(name, out suite);
    }

    /// <summary>Finds a suite by its code point.</summary>
    /// <param name="codePoint">The suite as the platform names it.</param>
    /// <param name="suite">The suite.</param>
    /// <returns><see langword="false"/> if the catalog does not have it.</returns>
    public static bool TryFind(TlsCipherSuite codePoint, [NotNullWhen(true)] out CipherSuiteInfo? suite) =>
        BySuite.TryGetValue(codePoint, out suite);

    /// <summary>Finds a suite by the name that OpenSSL uses, such as <c>ECDHE-RSA-AES128-GCM-SHA256</c>.</summary>
    /// <param name="openSslName">OpenSSL's name, in any letter case.</param>
    /// <param name="suite">The suite.</param>
    /// <returns><see langword="false"/> if the catalog has no suite of that name.</returns>
    internal static bool TryFindByOpenSslName(string openSslName, [NotNullWhen(true)] out CipherSuiteInfo? suite) =>
        ByOpenSslName.TryGetValue(openSslName, out suite);

    /// <summary>The suite whose IANA name is nearest to a misspelled one, letter case aside.</summary>
    /// <param name="name">The name as written.</param>
    /// <returns>The nearest suite, or <see langword="null"/> if none is similar.</returns>
    internal static CipherSuiteInfo? FindNearest(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return NearestName.Find(name, ByName.Keys, MostEdits) is { } nearest ? ByName[nearest] : null;
    }
}
