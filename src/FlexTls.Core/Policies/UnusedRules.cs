namespace FlexTls;

/// <summary>Reports extensions that have no effect because of the rest of the policy.</summary>
internal static class UnusedRules
{
    public static void Check(PolicyDocument document, DiagnosticList diagnostics)
    {
        if (document.SkipValidation)
        {
            var skip = document.SkipValidationPlace ?? document.Place;
            Place?[] unused = [document.SubjectAltNames?.Place, document.TrustSystemCA, document.SpkiSha256?.Place];
            foreach (var place in unused.OfType<Place>())
            {
                diagnostics.Warning(
                    DiagnosticCodes.ExtensionUnused, place, $"{place.Path} is not used, because {skip.Path} is true.");
            }
        }
        else if (document is { TrustSystemCA: { } place, TrustedCA: null, TrustAnchors: null })
        {
            diagnostics.Warning(DiagnosticCodes.ExtensionUnused, place,
                $"{place.Path} has no effect: without CAs of its own, the policy trusts the system's anyway; remove "
                + "it, or set trustedCA.");
        }
    }
}
