#pragma warning disable SYSLIB5006 // ML-DSA is experimental in .NET; only whether it is there is asked.
using System.Security.Cryptography;

namespace FlexTls;

/// <summary>
/// The kinds of keys that not every platform supports: whether this one can verify signatures with them.
/// </summary>
internal static class PlatformKeys
{
    private static readonly Dictionary<string, string> MLDsaNames = new(StringComparer.Ordinal)
    {
        ["2.16.840.1.101.3.4.3.17"] = "ML-DSA-44",
        ["2.16.840.1.101.3.4.3.18"] = "ML-DSA-65",
        ["2.16.840.1.101.3.4.3.19"] = "ML-DSA-87",
    };

    /// <summary>RSASSA-PSS, Ed25519, Ed448: OpenSSL verifies chains and handshakes with them.</summary>
    public static bool HasOpenSslKinds { get; } = OperatingSystem.IsLinux() || OperatingSystem.IsFreeBSD();

    /// <summary>OpenSSL supports it since version 3.5.</summary>
    public static bool HasMLDsa { get; } = MLDsa.IsSupported;

    public static bool IsMLDsa(string kind) => MLDsaNames.ContainsKey(kind);

    /// <summary>The name of a parameter set of ML-DSA; <see langword="null"/> for another kind.</summary>
    public static string? MLDsaName(string kind) => MLDsaNames.GetValueOrDefault(kind);
}
