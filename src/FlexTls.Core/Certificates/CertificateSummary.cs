using System.Formats.Asn1;
using System.Security.Cryptography;

namespace FlexTls;

/// <summary>Identifies a certificate.</summary>
public sealed record CertificateSummary
{
    // A server may send a longer one, and logging each byte has a cost.
    private const int LongestSerialNumber = 64;

    /// <summary>
    /// The subject in the platform's notation, truncated to 500 characters; if its encoding is longer than 4 KiB, only
    /// its length.
    /// </summary>
    public string Subject { get; init; } = "";

    /// <summary>The serial number, hexadecimal, at most 64 bytes of it.</summary>
    public string SerialNumber { get; init; } = "";

    /// <summary>The SHA-256 hash of the certificate, hexadecimal.</summary>
    public string Sha256Fingerprint { get; init; } = "";

    /// <summary>The first second at which it is valid.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>The last second at which it is valid.</summary>
    public DateTimeOffset NotAfter { get; init; }

    internal static CertificateSummary Of(ReadOnlyMemory<byte> certificate)
    {
        var fields = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        if (fields.PeekTag().TagClass == TagClass.ContextSpecific)
        {
            // The version.
            fields.ReadEncodedValue();
        }

        var number = fields.ReadIntegerBytes();
        var serial = Convert.ToHexString(number.Span[..Math.Min(number.Length, LongestSerialNumber)]);

        // Algorithm, issuer.
        fields.ReadEncodedValue();
        fields.ReadEncodedValue();
        var validity = fields.ReadSequence();
        return new CertificateSummary
        {
            Subject = NameText.Of(fields.ReadEncodedValue()),
            SerialNumber = serial,
            Sha256Fingerprint = Convert.ToHexString(SHA256.HashData(certificate.Span)),
            NotBefore = DecodedCertificate.ReadTime(validity),
            NotAfter = DecodedCertificate.ReadTime(validity),
        };
    }

    /// <summary>All values on one line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"'{Subject}' (serial {SerialNumber}, SHA-256 {Sha256Fingerprint})";
}
