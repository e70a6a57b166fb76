namespace FlexTls;

/// <summary>
/// The advice if a server speaks none of the offered versions. It never recommends a setting that no policy can have.
/// </summary>
internal static class VersionAdvice
{
    private const string Tls11 = "minversion 1.1 needs suites for TLS 1.1 in ciphers";
    private const string NotSupported = "which is not supported; update the server";

    /// <summary>For a server whose version is known.</summary>
    /// <param name="offered">The versions that it was offered.</param>
    /// <param name="spoken">The version that it speaks; <see langword="null"/>: TLS 1.0 or SSL 3.0.</param>
    /// <param name="withoutSuites">The same as <see cref="EffectiveTlsSettings.VersionWithoutSuites"/>.</param>
    public static string ForSpoken(TlsVersionRange offered, TlsVersion? spoken, TlsVersion? withoutSuites = null) =>
        spoken switch
        {
            null => $"the server speaks nothing newer than TLS 1.0, {NotSupported}",
            { } version when version == withoutSuites =>
                $"the server speaks nothing newer than TLS {version.ToText()}: {SuitesFor(offered, version)}",
            TlsVersion.Tls11 =>
                $"the server speaks nothing newer than TLS 1.1: lower minversion ({Tls11}), or update the server",
            { } version when version < offered.Min =>
                $"the server speaks nothing newer than TLS {version.ToText()}: lower minversion",
            { } version => $"the server speaks nothing older than TLS {version.ToText()}: raise maxversion",
        };

    /// <summary>For a server that only refused the offered versions.</summary>
    /// <param name="offered">The versions that it was offered.</param>
    /// <param name="withoutSuites">The same as <see cref="EffectiveTlsSettings.VersionWithoutSuites"/>.</param>
    public static string ForRefusal(TlsVersionRange offered, TlsVersion? withoutSuites = null)
    {
        var newer = offered.Max < TlsVersion.Tls13 ? "raise maxversion" : null;
        var older = offered.Min switch
        {
            _ when withoutSuites is { } version => SuitesFor(offered, version),
            TlsVersion.Tls13 => "lower minversion",
            TlsVersion.Tls12 => $"lower minversion ({Tls11})",
            _ => null,
        };
        string[] remedies = [.. new[] { newer, older }.OfType<string>()];
        var advice = remedies.Length == 0
            ? $"it may have only TLS 1.0, {NotSupported}"
            : $"{string.Join(" or ", remedies)}; a server that has only TLS 1.0 is not supported";
        return $"the server does not speak {offered}: {advice}";
    }

    /// <summary>The default suites are for TLS 1.2.</summary>
    private static string SuitesFor(TlsVersionRange offered, TlsVersion version) =>
        $"only {offered} was offered because ciphers has no suite for TLS {version.ToText()}: add one"
        + (version == TlsVersion.Tls12 ? ", or leave ciphers out" : "");
}
