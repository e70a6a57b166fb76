using System.Formats.Asn1;

namespace FlexTls;

/// <summary>The subject alternative names of a certificate (RFC 5280, section 4.2.1.6).</summary>
internal static class CertificateNames
{
    /// <summary>All names in order.</summary>
    /// <param name="extension">The value of the extension.</param>
    /// <exception cref="AsnContentException">The extension is malformed or empty.</exception>
    public static IReadOnlyList<GeneralName> Read(ReadOnlyMemory<byte> extension)
    {
        var reader = new AsnReader(extension, AsnEncodingRules.DER);
        var encoded = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var names = new List<GeneralName>();
        while (encoded.HasData)
        {
            names.Add(GeneralName.Read(encoded));
        }

        return names.Count > 0
            ? names
            : throw new AsnContentException("a subject alternative name extension without a name");
    }
}
