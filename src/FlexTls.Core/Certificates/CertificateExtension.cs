using System.Formats.Asn1;

namespace FlexTls;

/// <summary>An extension of a certificate, in its encoded form (RFC 5280, section 4.2).</summary>
internal readonly record struct CertificateExtension(string Oid, bool IsCritical, ReadOnlyMemory<byte> Value)
{
    public const string SubjectKeyIdentifier = "2.5.29.14";
    public const string KeyUsage = "2.5.29.15";
    public const string SubjectAltName = "2.5.29.17";
    public const string IssuerAltName = "2.5.29.18";
    public const string BasicConstraints = "2.5.29.19";
    public const string NameConstraints = "2.5.29.30";
    public const string CrlDistributionPoints = "2.5.29.31";
    public const string CertificatePolicies = "2.5.29.32";
    public const string PolicyMappings = "2.5.29.33";
    public const string AuthorityKeyIdentifier = "2.5.29.35";
    public const string PolicyConstraints = "2.5.29.36";
    public const string ExtendedKeyUsage = "2.5.29.37";
    public const string InhibitAnyPolicy = "2.5.29.54";

    /// <summary>Microsoft's application policies: usages, encoded like certificate policies.</summary>
    public const string ApplicationPolicies = "1.3.6.1.4.1.311.21.10";

    private const int MostExtensions = 100;

    /// <summary>The extensions of a certificate, each kind once.</summary>
    /// <exception cref="AsnContentException">
    /// An extension is malformed or repeated, or there are more than any certificate needs.
    /// </exception>
    public static IReadOnlyList<CertificateExtension> ReadAll(AsnReader wrapper)
    {
        var list = wrapper.ReadSequence();
        wrapper.ThrowIfNotEmpty();
        var extensions = new List<CertificateExtension>(8);
        while (list.HasData)
        {
            var extension = list.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            var isCritical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            var value = extension.TryReadPrimitiveOctetString(out var content)
                ? content
                : throw new AsnContentException("an extension in pieces");
            extension.ThrowIfNotEmpty();
            if (extensions.Count == MostExtensions)
            {
                throw new AsnContentException("more extensions than any certificate needs");
            }

            if (extensions.Exists(known => known.Oid == oid))
            {
                throw new AsnContentException($"the extension {oid} twice");
            }

            extensions.Add(new CertificateExtension(oid, isCritical, value));
        }

        return [.. extensions];
    }
}
