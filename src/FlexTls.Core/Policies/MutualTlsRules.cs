namespace FlexTls;

/// <summary><c>requireMutualTls</c>: whether a server must ask for the client certificate.</summary>
internal static class MutualTlsRules
{
    public static void Check(PolicyDocument document, DiagnosticList diagnostics)
    {
        if (document.RequireMutualTls is not { } place)
        {
            return;
        }

        if (document.SkipValidation)
        {
            var skip = document.SkipValidationPlace ?? document.Place;
            diagnostics.Error(DiagnosticCodes.NothingToPresent, place,
                $"{place.Path} is true, but {skip.Path} is too, and then no client certificate is presented; remove "
                + "one of them.");
        }
        else if (!diagnostics.HasErrors && document.IdentityPlace is null)
        {
            diagnostics.Error(DiagnosticCodes.NothingToPresent, place,
                $"{place.Path} is true, but the policy has no client certificate; set certificate, or remove it.");
        }
    }
}
