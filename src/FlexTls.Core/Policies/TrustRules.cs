namespace FlexTls;

/// <summary><c>skipValidation</c> and <c>trustedCA</c>: which CAs the policy trusts.</summary>
internal static class TrustRules
{
    /// <summary>The policy's anchors; <see langword="null"/> for the system's, and after an error.</summary>
    public static TrustAnchors? Parse(PolicyDocument document, DiagnosticList diagnostics)
    {
        var place = document.SkipValidationPlace ?? document.Place;
        if (document.SkipValidation)
        {
            diagnostics.Warning(DiagnosticCodes.ValidationSkipped, place,
                $"{place.Path} is true: the server's certificate is not validated; anyone on the way can read and "
                + "change the traffic.");
        }

        if (document.TrustAnchors is not null && document.TrustedCA is not null)
        {
            diagnostics.Error(DiagnosticCodes.WrittenTwice, document.TrustedCA.Place,
                $"{document.TrustedCA.Place.Path} and {document.TrustAnchorsPlace?.Path} are both set; set one.");
            return null;
        }

        if (document.SkipValidation && (document.TrustedCA?.Place ?? document.TrustAnchorsPlace) is { } unused)
        {
            diagnostics.Warning(
                DiagnosticCodes.TrustedCAUnused, unused, $"{unused.Path} is not used, because {place.Path} is true.");
        }

        if (document is { TrustAnchors: { } anchors, TrustAnchorsPlace: { } anchorsPlace })
        {
            return TrustAnchors.FromCollection(anchors, anchorsPlace, diagnostics);
        }

        return document.TrustedCA is null
            ? null
            : TrustAnchors.FromPem(document.TrustedCA.Text, document.TrustedCA.Place, diagnostics);
    }
}
