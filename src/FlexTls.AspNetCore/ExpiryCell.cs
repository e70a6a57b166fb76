namespace FlexTls;

/// <summary>The certificate that expires first, with a bar for the part of its lifetime that is left.</summary>
internal static class ExpiryCell
{
    /// <param name="page">The page.</param>
    /// <param name="expiry">The certificate.</param>
    /// <param name="expiresSoon">Whether operators are warned of the expiry.</param>
    /// <param name="identity">The subject of the client certificate, which the cell before has already.</param>
    public static void Write(PageWriter page, CertificateExpiry? expiry, bool expiresSoon, string? identity)
    {
        if (expiry is null)
        {
            page.Write($"<span class=\"muted\">none</span>");
            return;
        }

        var left = expiry.NotAfter - page.Now;
        var isExpired = HasPassed(expiry.NotAfter, page.Now);
        var lifetime = expiry.NotAfter - expiry.NotBefore;
        var isIdentity = expiry.Role is TlsCertificateRole.ClientCertificate or TlsCertificateRole.ClientIntermediate;
        var look = isExpired && isIdentity ? "bad" : isExpired || expiresSoon ? "warn" : "good";
        var words = isExpired ? $"expired {Durations.Ago(expiry.NotAfter, page.Now)}"
            : $"{Durations.InWords(left)} left";
        var percent = isExpired ? 100 : Math.Max(2, (int)Math.Round(Math.Clamp(left / lifetime, 0, 1) * 100));
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

    /// <summary>Whether a certificate has expired; its last second is still valid.</summary>
    public static bool HasPassed(DateTimeOffset notAfter, DateTimeOffset now) =>
        now - notAfter >= TimeSpan.FromSeconds(1);

    private static string RoleOf(TlsCertificateRole role) => role switch
    {
        TlsCertificateRole.ClientCertificate => "client certificate",
        TlsCertificateRole.ClientIntermediate => "intermediate sent with the client certificate",
        TlsCertificateRole.TrustedCA => "trusted CA",
        _ => "certificate presented by the server",
    };
}
