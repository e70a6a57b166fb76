using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>Reads the certificates of a PEM value.</summary>
internal static class CertificateReader
{
    private const string Label = "CERTIFICATE";

    /// <summary>All certificates, each with the place of its block; empty if the value is unusable.</summary>
    /// <param name="text">The value.</param>
    /// <param name="place">The place of the value.</param>
    /// <param name="diagnostics">Receives the faults.</param>
    /// <param name="mayHoldKey">Whether the value may come from a file that also contains the private key.</param>
    public static IReadOnlyList<(DecodedCertificate Certificate, Place Place)> Read(
        string text, Place place, DiagnosticList diagnostics, bool mayHoldKey = false)
    {
        var blocks = PemReader.Read(text, place, diagnostics);
        if (mayHoldKey && blocks.Any(block => block.IsCertificate))
        {
            blocks = [.. blocks.Where(block => !block.IsPrivateKey && !block.IsParameters)];
        }

        var certificates = new List<(DecodedCertificate, Place)>();
        foreach (var block in blocks)
        {
            if (ReadOne(block, place, diagnostics) is not { } certificate)
            {
                return [];
            }

            certificates.Add((certificate, place.AtLine(block.Line)));
        }

        return certificates;
    }

    /// <summary>A certificate in which all parts that are used later can be read.</summary>
    /// <exception cref="CryptographicException">
    /// The data are not a certificate, or one of those parts is malformed.
    /// </exception>
    public static DecodedCertificate Load(ReadOnlySpan<byte> data)
    {
        var certificate = X509CertificateLoader.LoadCertificate(data);
        // The platform decodes most of a certificate on first use and throws then; here the fault can be reported.
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

    /// <summary>
    /// A copy, without its key, of a certificate from code; <see langword="null"/> after a reported fault.
    /// </summary>
    public static DecodedCertificate? Copy(X509Certificate2 certificate, Place place, DiagnosticList diagnostics)
    {
        try
        {
            return Load(certificate.RawDataMemory.Span);
        }
        catch (CryptographicException)
        {
            var reason = certificate.Handle == 0 ? "is disposed" : "cannot be read: a part of it is malformed";
            diagnostics.Error(DiagnosticCodes.BadCertificate, place, $"{place.Path} has a certificate that {reason}.");
            return null;
        }
    }

    private static DecodedCertificate? ReadOne(PemBlock block, Place place, DiagnosticList diagnostics)
    {
        var at = place.AtLine(block.Line);
        if (!block.IsCertificate)
        {
            diagnostics.Error(DiagnosticCodes.WrongPemLabel, at,
                $"{place.Path} has a PEM block {block.Shown} where only {Label} belongs{block.Fix}.");
            return null;
        }

        if (DerForms.HasMore(block.Data))
        {
            diagnostics.Error(DiagnosticCodes.BadCertificate, at,
                $"{place.Path} has a {Label} block with more after its certificate, which would be ignored; write each "
                + "certificate in a block of its own.");
            return null;
        }

        try
        {
            return Load(block.Data);
        }
        catch (CryptographicException)
        {
            diagnostics.Error(DiagnosticCodes.BadCertificate, at,
                $"{place.Path} has a {Label} block that {WhyNot(block.Data)}.");
            return null;
        }
    }

    private static string WhyNot(byte[] data)
    {
        var found = OtherForm.NameOf(data);
        return DerForms.IsCutOff(data) ? "is cut off"
            : found is null ? "is not an X.509 certificate; it is damaged"
            : DerForms.Of(data) == DerForm.Certificate
                ? "cannot be read as a certificate: a part of it is malformed, or it is a certificate request"
            : $"holds {found}";
    }
}
