namespace FlexTls;

/// <summary>Whether a policy can be used by an HTTP client. Without ALPN a server speaks HTTP/1.1.</summary>
internal static class HttpAlpn
{
    /// <summary>Why it cannot; <see langword="null"/>: it can.</summary>
    public static TlsPolicyException? FaultOf(RegisteredPolicy registered, string user)
    {
        var diagnostics = new DiagnosticList();
        return Check(registered, user, diagnostics) ? null : new TlsPolicyException(diagnostics.InFileOrder());
    }

    /// <summary>Whether it can; if not, reports this at the place of the policy's <c>alpn</c>.</summary>
    public static bool Check(RegisteredPolicy registered, string user, DiagnosticList diagnostics)
    {
        var alpn = registered.Policy.Alpn;
        if (alpn.Count == 0 || alpn.Contains("http/1.1") || (alpn.Contains("h2") && Http2Switch.IsOn))
        {
            return true;
        }

        var place = registered.AlpnPlace ?? registered.Place;
        var isKey = place.FileName is null && place.Path.Contains(':', StringComparison.Ordinal)
            && !place.Path.StartsWith(user, StringComparison.Ordinal);
        var written = isKey ? $" ({place.Path})" : "";
        var (found, fix) = alpn.Contains("h2")
            ? ($"has h2 without http/1.1, and {Http2Switch.Words}", "add http/1.1")
            : ("has neither h2 nor http/1.1", "add one of them");
        diagnostics.Error(DiagnosticCodes.NoHttpInAlpn, place,
            $"{user}: the alpn of its policy{written} {found}, so an HttpClient cannot use it; "
            + $"{fix}, or write [] for no ALPN.");
        return false;
    }
}
