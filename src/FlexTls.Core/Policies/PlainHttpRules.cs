namespace FlexTls;

/// <summary><c>allowPlainHttp</c>: whether HTTP clients may do without TLS.</summary>
internal static class PlainHttpRules
{
    public static bool Parse(PolicyDocument document, DiagnosticList diagnostics)
    {
        if (document.AllowPlainHttp is not { } place)
        {
            return false;
        }

        diagnostics.Warning(DiagnosticCodes.PlainHttpAllowed, place,
            $"{place.Path} is true: http:// and ws:// requests are sent without TLS; "
            + "anyone on the way can read and change them.");
        return true;
    }
}
