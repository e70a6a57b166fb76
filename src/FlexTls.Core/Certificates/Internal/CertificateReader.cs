using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Certificates;

/// <summary>Reads the certificates of a PEM value.</summary>
internal static class CertificateReader
{
    private const string Label = "CERTIFICATE";

    /// <summary>Every certificate with the place of its block; empty when the value is unusable.</summary>
    public static IReadOnlyList<(DecodedCertificate Certificate, Place Place)> Read(string text, Place place, DiagnosticList diagnostics)
    {
        var certificates = new List<(DecodedCertificate, Place)>();
        foreach (var block in PemReader.Read(text, place, diagnostics))
        {
            if (ReadOne(block, place, diagnostics) is not { } certificate)
            {
                return [];
            }

            certificates.Add((certificate, place.AtLine(block.Line)));
        }

        return certificates;
    }

    /// <summary>One certificate whose parts that are looked at later can all be read.</summary>
    /// <exception cref="CryptographicException">The data are no certificate, or one of those parts is malformed.</exception>
    public static DecodedCertificate Load(ReadOnlySpan<byte> data)
    {
        var certificate = X509CertificateLoader.LoadCertificate(data);
        // The platform decodes most of a certificate on first use and throws then; here there is a place to report.
        _ = (certificate.NotBefore, certificate.NotAfter,
             certificate.SubjectName, certificate.IssuerName, certificate.PublicKey);
        try
        {
            var decoded = DecodedCertificate.Of(certificate);
            _ = (decoded.SubjectName, decoded.IssuerName);
            return decoded;
        }
        catch (AsnContentException e)
        {
            throw new CryptographicException(e.Message, e);
        }
    }

    /// <summary>A copy, without its key, of a certificate that code hands over; <see langword="null"/> after a reported fault.</summary>
    public static DecodedCertificate? Copy(X509Certificate2 certificate, Place place, DiagnosticList diagnostics)
    {
        try
        {
            return Load(certificate.RawDataMemory.Span);
        }
        catch (CryptographicException)
        {
            diagnostics.Error(DiagnosticCodes.BadCertificate, place, $"{place.Path} has a certificate that is disposed or cannot be read.");
            return null;
        }
    }

    private static DecodedCertificate? ReadOne(PemBlock block, Place place, DiagnosticList diagnostics)
    {
        if (block.Label != Label)
        {
            diagnostics.Error(DiagnosticCodes.WrongPemLabel, place.AtLine(block.Line),
                $"{place.Path} has a PEM block {block.Shown} where only {Label} belongs.");
            return null;
        }

        try
        {
            return Load(block.Data);
        }
        catch (CryptographicException)
        {
            diagnostics.Error(DiagnosticCodes.BadCertificate, place.AtLine(block.Line),
                $"{place.Path} has a {Label} block that is not an X.509 certificate; it is damaged or cut off.");
            return null;
        }
    }
}
