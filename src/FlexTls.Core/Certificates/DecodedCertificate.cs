using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// The fields of a certificate (RFC 5280, section 4.1), decoded once and strictly: anything but DER is refused.
/// The platform's own decoding is lazier, hides criticality, and asks the native library again for each part.
/// </summary>
internal sealed class DecodedCertificate
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    public const string AnyExtendedKeyUsage = "2.5.29.37.0";
    private const int MostUsages = 100, LongestShown = 200, LongestSerial = 20;
    private static readonly Asn1Tag VersionTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag IssuerUniqueId = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag SubjectUniqueId = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3);

    private readonly Lazy<DistinguishedName> _subjectName;
    private readonly Lazy<DistinguishedName> _issuerName;
    private readonly Lazy<IReadOnlyList<GeneralName>> _alternativeNames;
    private readonly Lazy<IReadOnlyList<CertifiedName>> _certifiedNames;
    private readonly Lazy<ConstrainedNames?> _nameConstraints;
    private string? _shown;

    private DecodedCertificate(X509Certificate2 certificate)
    {
        Platform = certificate;
        RawData = certificate.RawDataMemory;
        var whole = new AsnReader(RawData, AsnEncodingRules.DER);
        var outer = whole.ReadSequence();
        whole.ThrowIfNotEmpty();
        var fields = outer.ReadSequence();
        OuterSignatureAlgorithm = outer.ReadEncodedValue();
        outer.ReadBitString(out _);
        outer.ThrowIfNotEmpty();

        Version = fields.PeekTag().HasSameClassAndValue(VersionTag) ? ReadVersion(fields.ReadSequence(VersionTag)) : 1;
        SerialNumber = fields.ReadIntegerBytes();
        SignatureAlgorithm = fields.ReadEncodedValue();
        Issuer = ReadName(fields);
        var validity = fields.ReadSequence();
        (NotBefore, NotAfter) = (ReadTime(validity), ReadTime(validity));
        validity.ThrowIfNotEmpty();
        Subject = ReadName(fields);
        SubjectPublicKeyInfo = fields.ReadEncodedValue();
        Skip(fields, IssuerUniqueId);
        Skip(fields, SubjectUniqueId);
        Extensions = fields.HasData ? CertificateExtension.ReadAll(fields.ReadSequence(ExtensionsTag)) : [];
        fields.ThrowIfNotEmpty();

        IsAuthority = ReadAuthority() ?? (Version < 3 && IsSelfIssued);
        ExtendedKeyUsages = ReadExtendedKeyUsages();

        // Each is decoded at most once, even if decoding fails.
        _subjectName = new(() => DistinguishedName.Of(Subject));
        _issuerName = new(() => DistinguishedName.Of(Issuer));
        _alternativeNames = new(() =>
            Value(CertificateExtension.SubjectAltName) is { } names ? CertificateNames.Read(names) : []);
        _certifiedNames = new(() => CertifiedName.AllOf(AlternativeNames, SubjectName, Subject));
        _nameConstraints = new(() =>
            Value(CertificateExtension.NameConstraints) is { } names ? ConstrainedNames.Read(names) : null);
    }

    /// <summary>The platform's object for the certificate.</summary>
    public X509Certificate2 Platform { get; }

    public ReadOnlyMemory<byte> RawData { get; }

    /// <summary>1 to 3.</summary>
    public int Version { get; }

    public ReadOnlyMemory<byte> SerialNumber { get; }

    /// <summary>The algorithm in the signed part.</summary>
    public ReadOnlyMemory<byte> SignatureAlgorithm { get; }

    /// <summary>The algorithm beside the signature, which must be the same (RFC 5280, section 4.1.1.2).</summary>
    public ReadOnlyMemory<byte> OuterSignatureAlgorithm { get; }

    public ReadOnlyMemory<byte> Issuer { get; }

    public ReadOnlyMemory<byte> Subject { get; }

    /// <exception cref="AsnContentException">It is malformed.</exception>
    public DistinguishedName SubjectName => _subjectName.Value;

    /// <exception cref="AsnContentException">It is malformed.</exception>
    public DistinguishedName IssuerName => _issuerName.Value;

    /// <summary>The subject alternative names in order; empty if the extension is missing.</summary>
    /// <exception cref="AsnContentException">The extension is malformed.</exception>
    public IReadOnlyList<GeneralName> AlternativeNames => _alternativeNames.Value;

    /// <summary>All names that the constraints of a CA apply to.</summary>
    /// <exception cref="AsnContentException">A name is malformed.</exception>
    public IReadOnlyList<CertifiedName> CertifiedNames => _certifiedNames.Value;

    /// <summary>The names that a CA may certify; <see langword="null"/>: all.</summary>
    /// <exception cref="AsnContentException">The constraints are malformed.</exception>
    public ConstrainedNames? NameConstraints => _nameConstraints.Value;

    public DateTimeOffset NotBefore { get; }

    /// <summary>The last second of validity (RFC 5280, section 4.1.2.5).</summary>
    public DateTimeOffset NotAfter { get; }

    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    public IReadOnlyList<CertificateExtension> Extensions { get; }

    /// <summary>Whether it is a CA: by basicConstraints or, without extensions, as self-issued version 1.</summary>
    public bool IsAuthority { get; }

    /// <summary>The purposes of the key; <see langword="null"/>: the certificate does not restrict them.</summary>
    public IReadOnlyList<string>? ExtendedKeyUsages { get; }

    /// <summary>
    /// The certificate in messages: the subject in quotes, truncated if long, or the serial number if it is empty.
    /// </summary>
    public string Shown => _shown ??= ShownOrSerial();

    /// <summary>The issuer in quotes, truncated if it is long.</summary>
    public string ShownIssuer => Quoted(NameText.Of(Issuer));

    public bool IsSelfIssued => Subject.Span.SequenceEqual(Issuer.Span);

    /// <exception cref="AsnContentException">It, or a part that is always decoded, is malformed.</exception>
    public static DecodedCertificate Of(X509Certificate2 certificate) => new(certificate);

    /// <summary>A date of a validity (RFC 5280, section 4.1.2.5).</summary>
    public static DateTimeOffset ReadTime(AsnReader validity) =>
        validity.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime)
            ? validity.ReadUtcTime()
            : validity.ReadGeneralizedTime();

    public bool Is(DecodedCertificate other) => RawData.Span.SequenceEqual(other.RawData.Span);

    /// <summary>The value of an extension; <see langword="null"/> if the certificate does not have it.</summary>
    public ReadOnlyMemory<byte>? Value(string oid)
    {
        foreach (var extension in Extensions)
        {
            if (extension.Oid == oid)
            {
                return extension.Value;
            }
        }

        return null;
    }

    /// <summary>
    /// Whether the certificate may be used for <paramref name="purpose"/>: its extended key usage lists that purpose or
    /// anyExtendedKeyUsage, or is missing.
    /// </summary>
    public bool Allows(string purpose) => ExtendedKeyUsages is not { } usages
        || usages.Contains(purpose) || usages.Contains(AnyExtendedKeyUsage);

    /// <summary>Whether the certificate is in date; RFC 5280 only has whole seconds.</summary>
    public bool IsInDate(DateTimeOffset now) =>
        NotBefore <= now && now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)) <= NotAfter;

    /// <summary>The fault of the dates at <paramref name="now"/>; <see langword="null"/>: none.</summary>
    public string? DateProblem(DateTimeOffset now) =>
        IsInDate(now) ? null : now < NotBefore ? $"is not valid before {NotBefore:u}" : $"expired at {NotAfter:u}";

    private string ShownOrSerial() => NameText.Of(Subject) is { Length: > 0 } subject
        ? Quoted(subject)
        : $"the certificate without a subject, serial number {Convert.ToHexString(SerialStart.Span)}";

    private ReadOnlyMemory<byte> SerialStart => SerialNumber[..Math.Min(SerialNumber.Length, LongestSerial)];

    private static string Quoted(string name) => $"'{Text.Cut(name, LongestShown)}'";

    private static int ReadVersion(AsnReader reader)
    {
        var isSmall = reader.TryReadInt32(out var version);
        reader.ThrowIfNotEmpty();
        return isSmall && version is >= 0 and <= 2 ? version + 1 : throw new AsnContentException("an unknown version");
    }

    private static ReadOnlyMemory<byte> ReadName(AsnReader fields)
    {
        if (!fields.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            throw new AsnContentException("a name that cannot be read");
        }

        return fields.ReadEncodedValue();
    }

    private static void Skip(AsnReader fields, Asn1Tag tag)
    {
        if (fields.HasData && fields.PeekTag().HasSameClassAndValue(tag))
        {
            fields.ReadEncodedValue();
        }
    }

    private bool? ReadAuthority()
    {
        if (Value(CertificateExtension.BasicConstraints) is not { } value)
        {
            return null;
        }

        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var fields = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var isAuthority =
            fields.HasData && fields.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && fields.ReadBoolean();

        // The platform judges the path length, but inconsistently if it is below zero.
        if (fields.HasData && fields.ReadInteger().Sign < 0)
        {
            throw new AsnContentException("a path length below zero");
        }

        fields.ThrowIfNotEmpty();
        return isAuthority;
    }

    private List<string>? ReadExtendedKeyUsages()
    {
        if (Value(CertificateExtension.ExtendedKeyUsage) is not { } value)
        {
            return null;
        }

        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var purposes = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var usages = new List<string>();
        while (purposes.HasData)
        {
            if (usages.Count == MostUsages)
            {
                throw new AsnContentException("more extended key usages than any certificate needs");
            }

            usages.Add(purposes.ReadObjectIdentifier());
        }

        return usages;
    }
}
