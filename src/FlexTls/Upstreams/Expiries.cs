namespace FlexTls;

/// <summary>Finds the certificates of a generation whose dates matter.</summary>
internal static class Expiries
{
    /// <summary>Its own certificates, and those that the server presented last.</summary>
    public static IEnumerable<CertificateExpiry> Of(ContextGeneration context)
    {
        var policy = context.Policy;
        if (policy.DangerousSkipValidation)
        {
            // Without validation no date matters, and no client certificate is presented.
            return [];
        }

        var identity = policy.ClientIdentity;
        return Of(TlsCertificateRole.ClientCertificate, identity is null ? [] : [CertificateDates.Of(identity.Leaf)])
            .Concat(Of(TlsCertificateRole.ClientIntermediate, identity?.Intermediates.Select(CertificateDates.Of)))
            .Concat(
                Of(
                    TlsCertificateRole.TrustedCA,
                    policy.TrustAnchors?.Certificates.Select(anchor => CertificateDates.Of(anchor.Platform))))
            .Concat(Of(TlsCertificateRole.ServerChain, context.LastHandshake?.Presented.Dates));
    }

    private static IEnumerable<CertificateExpiry> Of(
        TlsCertificateRole role, IEnumerable<CertificateDates>? certificates) =>
        (certificates ?? []).Select(dates => new CertificateExpiry
        {
            Role = role,
            Subject = dates.Subject,
            NotAfter = dates.NotAfter,
            NotBefore = dates.NotBefore,
        });
}
