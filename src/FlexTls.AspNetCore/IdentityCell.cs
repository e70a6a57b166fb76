namespace FlexTls;

/// <summary>The client certificate, and its end where the next cell does not have it.</summary>
internal static class IdentityCell
{
    public static void Write(PageWriter page, UpstreamTlsStatus upstream)
    {
        if (upstream.Settings.ClientCertificate is not { } certificate)
        {
            page.Write($"<span class=\"muted\">none</span>");
            return;
        }

        page.Write($"<bdi>{certificate.Subject}</bdi>");
        if (upstream.FirstExpiry?.Role != TlsCertificateRole.ClientCertificate)
        {
            var end = certificate.NotAfter;
            page.Write($"<small>{(ExpiryCell.HasPassed(end, page.Now) ? "expired" : "expires")} {end}</small>");
        }
    }
}
