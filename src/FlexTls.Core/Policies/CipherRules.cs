using System.Net.Security;

namespace FlexTls;

/// <summary>
/// <c>ciphers</c>: turns names into suites, and reports each that cannot have the effect its author expects.
/// </summary>
internal static class CipherRules
{
    /// <summary>
    /// The suites for TLS 1.1 and 1.2 in order of preference, without those that need a pre-shared key; the default
    /// suites if none are listed. <see langword="null"/> if a name is wrong.
    /// </summary>
    public static IReadOnlyList<CipherSuiteInfo>? Parse(PolicyDocument document, DiagnosticList diagnostics)
    {
        if (document.Ciphers is not { Count: > 0 } listed)
        {
            return CipherSuiteCatalog.Tls12Defaults;
        }

        var suites = new List<CipherSuiteInfo>();
        var seen = new HashSet<CipherSuiteInfo>();
        var allKnown = true;
        foreach (var value in listed)
        {
            if (!CipherSuiteCatalog.TryFind(value.Text, out var suite))
            {
                ReportUnknown(value, diagnostics);
                allKnown = false;
            }
            else if (!seen.Add(suite))
            {
                diagnostics.Warning(
                    DiagnosticCodes.CipherListedTwice, value.Place,
                    $"{value.Place.Lead}cipher {suite.Name} is listed twice; the second has no effect.");
            }
            else if (CanBeChosen(suite, value.Place, diagnostics))
            {
                suites.Add(suite);
            }
        }

        return allKnown ? suites : null;
    }

    private static bool CanBeChosen(CipherSuiteInfo suite, Place place, DiagnosticList diagnostics)
    {
        if (suite.IsTls13)
        {
            diagnostics.Information(DiagnosticCodes.Tls13CipherHasNoEffect, place,
                place.Lead
                + $"cipher {suite.Name} has no effect: TLS 1.3 suites cannot be chosen, all three are offered when TLS "
                + "1.3 is in range.");
            return false;
        }

        if (suite.Advice == CipherSuiteAdvice.Weak)
        {
            diagnostics.Warning(DiagnosticCodes.WeakCipher, place,
                place.Lead
                + $"cipher {suite.Name} is weak (the table's advice: Weak); prefer the default suites where the server "
                + "has them.");
        }

        if (suite.NeedsPreSharedKey)
        {
            diagnostics.Warning(DiagnosticCodes.PreSharedKeyCipher, place,
                place.Lead
                + $"cipher {suite.Name} can never be negotiated: it needs a pre-shared key, which a policy cannot "
                + "carry.");
            return false;
        }

        return true;
    }

    private static void ReportUnknown(PolicyValue value, DiagnosticList diagnostics)
    {
        if (string.IsNullOrWhiteSpace(value.Text))
        {
            diagnostics.Error(
                DiagnosticCodes.EmptyValue, value.Place, $"{value.Place.Path} is empty; remove the entry.");
            return;
        }

        if (CipherSuiteCatalog.TryFindByOpenSslName(value.Text, out var meant))
        {
            diagnostics.Error(
                DiagnosticCodes.OpenSslCipherName, value.Place,
                $"{value.Place.Lead}cipher {value.Quoted} is an OpenSSL name; write {meant.Name}.");
            return;
        }

        if (!diagnostics.IsFull && Enum.IsDefined(typeof(TlsCipherSuite), value.Text))
        {
            diagnostics.Error(DiagnosticCodes.UnknownCipher, value.Place,
                value.Place.Lead
                + $"cipher {value.Quoted} is a real suite, but none of the {CipherSuiteCatalog.All.Count} that are "
                + "supported; docs/cipher-suites.md lists them.");
            return;
        }

        var nearest = diagnostics.IsFull ? null : CipherSuiteCatalog.FindNearest(value.Text);
        if (nearest is not null && string.Equals(nearest.Name, value.Text, StringComparison.OrdinalIgnoreCase))
        {
            diagnostics.Error(
                DiagnosticCodes.CipherLetterCase, value.Place,
                $"{value.Place.Lead}cipher {value.Quoted} has another letter case; write {nearest.Name}.");
            return;
        }

        var hint = nearest is null ? "docs/cipher-suites.md lists the 23 that are." : $"did you mean {nearest.Name}?";
        diagnostics.Error(
            DiagnosticCodes.UnknownCipher, value.Place, value.Place.Lead
            + $"cipher {value.Quoted} is not supported; {hint}");
    }
}
