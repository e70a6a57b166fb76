namespace FlexTls;

/// <summary>The client certificate, and its end where the next cell does not have it.</summary>
internal static class IdentityCell
{
    public static void Write(PageWriter page, UpstreamTlsStatus upstream)
    {
        if (upstream.Settings.ClientCertificate is not { } subject)
        {
            page.Write($"<span class=\"muted\">none</span>");
            return;
        }

        page.Write($"<bdi>{subject}</bdi>");
        if (upstream.Settings.ClientCertificateNotAfter is { } end
            && upstream.FirstExpiry?.Role != TlsCertificateRole.ClientCertificate)
        {
            page.Write($"<small>{(ExpiryCell.HasPassed(end, page.Now) ? "expired" : "expires")} {end}</small>");
        }
    }
}
