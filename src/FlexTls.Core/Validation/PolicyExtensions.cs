using System.Formats.Asn1;

namespace FlexTls;

/// <summary>
/// Certificate policies, their mappings and constraints (RFC 5280, sections 4.2.1.4, 4.2.1.5, 4.2.1.11 and 4.2.1.14).
/// Every policy is accepted. But the platform reads them on every path that it judges, so their number is limited like
/// that of usages, and those that it cannot read are refused under one code.
/// </summary>
internal static class PolicyExtensions
{
    private const int Most = 100;

    private static readonly Asn1Tag RequireExplicitPolicy = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag InhibitPolicyMapping = new(TagClass.ContextSpecific, 1);

    /// <exception cref="AsnContentException">
    /// An extension is malformed, or longer than any certificate needs.
    /// </exception>
    public static void Check(DecodedCertificate certificate)
    {
        foreach (var list in (string[])[CertificateExtension.CertificatePolicies, CertificateExtension.PolicyMappings])
        {
            if (certificate.Value(list) is { } policies)
            {
                Entries(policies);
            }
        }

        _ = RequiresPolicies(certificate);
        if (certificate.Value(CertificateExtension.InhibitAnyPolicy) is { } value)
        {
            var reader = new AsnReader(value, AsnEncodingRules.DER);
            reader.ReadIntegerBytes();
            reader.ThrowIfNotEmpty();
        }
    }

    /// <summary>Whether a CA has requireExplicitPolicy.</summary>
    /// <exception cref="AsnContentException">The constraints are malformed.</exception>
    public static bool RequiresPolicies(DecodedCertificate certificate)
    {
        if (certificate.Value(CertificateExtension.PolicyConstraints) is not { } value)
        {
            return false;
        }

        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var constraints = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var requires = TrySkip(constraints, RequireExplicitPolicy);
        TrySkip(constraints, InhibitPolicyMapping);
        constraints.ThrowIfNotEmpty();
        return requires;
    }

    private static bool TrySkip(AsnReader fields, Asn1Tag tag)
    {
        var isThere = fields.HasData && fields.PeekTag().HasSameClassAndValue(tag);
        if (isThere)
        {
            fields.ReadIntegerBytes(tag);
        }

        return isThere;
    }

    /// <summary>The usages in Microsoft's application policies; <see langword="null"/>: there are none.</summary>
    /// <exception cref="AsnContentException">The list is malformed, or longer than any certificate needs.</exception>
    public static IReadOnlyList<string>? ApplicationsOf(DecodedCertificate certificate) =>
        certificate.Value(CertificateExtension.ApplicationPolicies) is { } value
            ? [.. Entries(value).Select(policy => policy.ReadObjectIdentifier())]
            : null;

    private static List<AsnReader> Entries(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var list = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var entries = new List<AsnReader>();
        while (list.HasData)
        {
            entries.Add(list.ReadSequence());
            if (entries.Count > Most)
            {
                throw new AsnContentException("more policies, or mappings of them, than any certificate needs");
            }
        }

        return entries;
    }
}
