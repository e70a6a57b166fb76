namespace FlexTls;

/// <summary>When a certificate of an upstream expires.</summary>
public sealed record CertificateExpiry
{
    /// <summary>The use of the certificate.</summary>
    public TlsCertificateRole Role { get; init; }

    /// <summary>Its subject, shortened if it is very long.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The last second of its validity.</summary>
    public DateTimeOffset NotAfter { get; init; }

    /// <summary>The first second of its validity.</summary>
    public DateTimeOffset NotBefore { get; init; }

    internal TimeSpan Lifetime => NotAfter - NotBefore;

    /// <summary>Whether the program's own identity expires with it, so that servers will refuse it.</summary>
    internal bool IsOfIdentity => Role is TlsCertificateRole.ClientCertificate or TlsCertificateRole.ClientIntermediate;

    // The last second is still valid (RFC 5280, section 4.1.2.5).
    internal bool IsExpired(DateTimeOffset now) => now - NotAfter >= TimeSpan.FromSeconds(1);

    /// <summary>The text for operators.</summary>
    internal string Describe(DateTimeOffset now)
    {
        var role = Role switch
        {
            TlsCertificateRole.ClientCertificate => "client certificate",
            TlsCertificateRole.ClientIntermediate => "intermediate sent with the client certificate",
            TlsCertificateRole.TrustedCA => "trusted CA",
            _ => "certificate presented by the server",
        };
        return IsExpired(now)
            ? $"{role} '{Subject}' expired at {NotAfter:u}"
            : $"{role} '{Subject}' expires at {NotAfter:u}, in {Left(NotAfter - now)}";
    }

    /// <summary>How long it was issued for, in words.</summary>
    internal string DescribeLifetime() => Left(Lifetime);

    private static string Left(TimeSpan time) => time switch
    {
        { Days: > 0 } => Text.Count(time.Days, "day"),
        { Hours: > 0 } => Text.Count(time.Hours, "hour"),
        _ => "less than an hour",
    };
}
