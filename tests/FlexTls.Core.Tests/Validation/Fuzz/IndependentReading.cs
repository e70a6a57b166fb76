namespace FlexTls.Validation.Fuzz;

/// <summary>
/// Whether a case may be accepted, by the rules as the test reads them, with nothing of the library's: is there any path
/// to a trusted certificate that obeys all?
/// </summary>
internal static class IndependentReading
{
    private const int DigitalSignature = 1;
    private const int KeyEncipherment = 1 << 2;
    private const int KeyAgreement = 1 << 4;
    private const int KeyCertSign = 1 << 5;
    private const int Depth = 8;

    // Key identifiers are never critical (RFC 5280), and OpenSSL takes them for unknown when they are.
    private static readonly string[] Understood =
    [
        Oids.KeyUsage, Oids.ExtendedKeyUsage, Oids.SubjectAltName, Oids.BasicConstraints, Oids.NameConstraints, Oids.CertificatePolicies, Oids.PolicyMappings, Oids.PolicyConstraints, Oids.InhibitAnyPolicy, Oids.CrlDistributionPoints,
    ];

    /// <summary><see langword="null"/>: it may; else what was held against the last path.</summary>
    public static string? Objection(FuzzCase @case)
    {
        var isListed = @case.Anchors.Any(anchor => anchor.AsSpan().SequenceEqual(@case.Server));
        if ((isListed ? ReadCertificate.ForItself(@case.Server) : ReadCertificate.Of(@case.Server)) is not { } server)
        {
            return "unreadable";
        }

        if (!NameReading.IsFor(server, @case.Host))
        {
            return "another name";
        }

        if (isListed)
        {
            return ObjectionToAny(server, isUsed: false);
        }

        var anchors = @case.Anchors.Select(ReadCertificate.Of).OfType<ReadCertificate>().ToList();
        var sent = @case.Sent.Select(ReadCertificate.Of).OfType<ReadCertificate>().ToList();
        return Objection([server], anchors, sent);
    }

    private static string? Objection(ReadCertificate[] path, List<ReadCertificate> anchors, List<ReadCertificate> sent)
    {
        var objection = "no path";
        if (anchors.Exists(anchor => IsSame(anchor, path[^1])))
        {
            if (PathObjection(path) is not { } found)
            {
                return null;
            }

            objection = found;
        }

        var issuers = anchors.Concat(sent).Where(issuer => path.Length < Depth && !path.Any(known => IsSame(known, issuer))
            && issuer.Subject.Equals(path[^1].Issuer) && IsMeant(path[^1], issuer) && SignatureReading.IsSignedBy(path[^1], issuer));
        foreach (var issuer in issuers)
        {
            if (Objection([.. path, issuer], anchors, sent) is not { } found)
            {
                return null;
            }

            objection = found == "no path" ? objection : found;
        }

        return objection;
    }

    private static string? PathObjection(ReadCertificate[] path) =>
        path.Select((certificate, i) => Objection(certificate, isServer: i == 0, isAnchor: i == path.Length - 1)).FirstOrDefault(objection => objection is not null)
        ?? Enumerable.Range(1, path.Length - 1).Select(i => AuthorityObjection(path, i)).FirstOrDefault(objection => objection is not null);

    private static string? Objection(ReadCertificate certificate, bool isServer, bool isAnchor) => ObjectionToAny(certificate, isUsed: true) ?? certificate switch
    {
        _ when certificate.CriticalExtensions.Except(Understood).Any() => "critical extension",
        _ when certificate.Version is < 1 or > 3 || (!isServer && !isAnchor && certificate.Version != 3) => "version",
        _ when !isAnchor
            && !certificate.Algorithm.Span.SequenceEqual(certificate.OuterAlgorithm.Span) => "two algorithms",
        { Usages: { } usages } when !usages.Contains(Oids.ServerAuth) && !usages.Contains(Oids.AnyUsage) => "usage",
        { KeyUsage: { } bits } when isServer && (bits & (DigitalSignature | KeyEncipherment | KeyAgreement | (certificate.IsAuthority ? KeyCertSign : 0))) == 0 => "key usage",
        _ => null,
    };

    /// <summary>What is asked of every certificate, even of one that is itself trusted and stands alone.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="isUsed">Whether the platform imports its key for the verdict, and not for the handshake alone.</param>
    private static string? ObjectionToAny(ReadCertificate certificate, bool isUsed)
    {
        var second = FuzzCase.Now.AddMilliseconds(-FuzzCase.Now.Millisecond);
        return FuzzCase.Now < certificate.NotBefore || second > certificate.NotAfter ? "dates"
            : SignatureReading.IsStrongKey(certificate, isUsed) ? null : "key";
    }

    private static string? AuthorityObjection(ReadCertificate[] path, int i)
    {
        var authority = path[i];
        var below = path[1..i].Count(certificate => !certificate.IsSelfIssued);
        return authority switch
        {
            { IsAuthority: false } => "no CA",
            { KeyUsage: { } bits } when (bits & KeyCertSign) == 0 => "key usage of a CA",
            { PathLength: { } length } when below > length => "path length",
            _ => path[..i].Where((certificate, j) => j == 0 || !certificate.IsSelfIssued)
                .Select(certificate => NameReading.Objection(authority, certificate)).FirstOrDefault(objection => objection is not null),
        };
    }

    /// <summary>Key identifiers are for finding paths alone, but OpenSSL takes no issuer that contradicts them.</summary>
    private static bool IsMeant(ReadCertificate certificate, ReadCertificate issuer) =>
        (certificate.IssuerKeyIdentifier is not { } wanted || issuer.KeyIdentifier is not { } own || own.Span.SequenceEqual(wanted.Span))
        && (certificate.IssuerSerial is not { } serial || serial == issuer.Serial);

    private static bool IsSame(ReadCertificate one, ReadCertificate other) => one.Raw.AsSpan().SequenceEqual(other.Raw);
}
