namespace FlexTls;

/// <summary>The certificate that expires first, with a bar for the time that is left of 90 days.</summary>
internal static class ExpiryCell
{
    private const int FullBar = 90;
    private const int Soon = 30;

    /// <param name="page">The page.</param>
    /// <param name="expiry">The certificate.</param>
    /// <param name="identity">The subject of the client certificate, which the cell before has already.</param>
    public static void Write(PageWriter page, CertificateExpiry? expiry, string? identity)
    {
        if (expiry is null)
        {
            page.Write($"<span class=\"muted\">none</span>");
            return;
        }

        var left = expiry.NotAfter - page.Now;

        // The last second is still valid.
        var isExpired = left <= -TimeSpan.FromSeconds(1);
        var look = isExpired ? "bad" : left.TotalDays <= Soon ? "warn" : "good";
        var words = isExpired ? $"expired {Durations.Ago(expiry.NotAfter, page.Now)}"
            : $"{Durations.InWords(left)} left";
        var percent = isExpired ? 100 : Math.Max(2, (int)(Math.Min(left.TotalDays / FullBar, 1) * 100));
        page.Write($"<span class=\"left {look}\">{words}</span>");
        page.Write($"<svg class=\"bar {look}\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" role=\"img\" ");
        page.Write($"aria-label=\"{words}\"><rect class=\"all\" width=\"100\" height=\"4\"/>");
        page.Write($"<rect width=\"{percent}\" height=\"4\"/></svg>");
        page.Write($"<small>{RoleOf(expiry.Role)}");
        if (expiry.Role != TlsCertificateRole.ClientCertificate || expiry.Subject != identity)
        {
            page.Write($" <bdi>{expiry.Subject}</bdi>");
        }

        page.Write($"</small><small>{expiry.NotAfter}</small>");
    }

    private static string RoleOf(TlsCertificateRole role) => role switch
    {
        TlsCertificateRole.ClientCertificate => "client certificate",
        TlsCertificateRole.ClientIntermediate => "intermediate of the client certificate",
        TlsCertificateRole.TrustedCA => "trusted CA",
        _ => "certificate of the server",
    };
}
