namespace FlexTls;

/// <summary>Versions and suites together: the effective range and the suites that it can use.</summary>
internal static class OfferRules
{
    public static (TlsVersionRange Range, IReadOnlyList<CipherSuiteInfo> Suites)? Parse(
        PolicyDocument document, TlsVersionRange requested, IReadOnlyList<CipherSuiteInfo> suites,
        DiagnosticList diagnostics)
    {
        var canBeUsed = (TlsVersion version) =>
            version == TlsVersion.Tls13 || suites.Any(suite => suite.Versions.Contains(version));
        if (requested.HighestRun(canBeUsed) is not { } range)
        {
            diagnostics.Error(DiagnosticCodes.NothingToOffer, PlaceOf(document),
                PlaceOf(document).Lead
                + $"no listed cipher suite can be used in {requested}; list one that can, or leave ciphers out for the "
                + "default suites of TLS 1.2.");
            return null;
        }

        if (range != requested)
        {
            diagnostics.Warning(DiagnosticCodes.RangeNarrowed, PlaceOf(document),
                PlaceOf(document).Lead
                + $"{requested} is asked for, but the cipher suites serve only {range}, so only that is offered.");
        }

        foreach (var value in document.Ciphers ?? [])
        {
            if (CipherSuiteCatalog.TryFind(value.Text, out var suite) && suites.Contains(suite)
                && !range.Overlaps(suite.Versions))
            {
                diagnostics.Warning(
                    DiagnosticCodes.CipherOutsideRange, value.Place,
                    $"{value.Place.Lead}cipher {suite.Name} is for {suite.Versions} and has no effect in {range}.");
            }
        }

        var tls13 = range.Contains(TlsVersion.Tls13) ? CipherSuiteCatalog.Tls13 : [];
        return (range, [.. tls13, .. suites.Where(s => range.Overlaps(s.Versions))]);
    }

    private static Place PlaceOf(PolicyDocument document) =>
        document.MinVersion?.Place
            ?? (document.Ciphers is [var first, ..] ? first.Place : null)
            ?? document.MaxVersion?.Place
            ?? document.Place;
}
