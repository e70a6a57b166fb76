#pragma warning disable RS0030 // Banned elsewhere: the platform's text of a name has no bound.
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// A distinguished name as readable text, on one line and of limited length, however long the name in the certificate
/// is.
/// </summary>
internal static class NameText
{
    /// <summary>The longest encoded name that is decoded, in bytes.</summary>
    public const int LongestEncoded = 4096;

    private const int Longest = 500;

    public static string OfSubject(X509Certificate2 certificate) => Of(certificate.SubjectName.RawData);

    /// <summary>The text of an encoded name, truncated to 500 characters.</summary>
    public static string Of(ReadOnlyMemory<byte> encoded)
    {
        if (encoded.Length > LongestEncoded)
        {
            return $"(a name of {encoded.Length} bytes)";
        }

        try
        {
            return Text.OneLine(Text.Cut(new X500DistinguishedName(encoded.Span).Name, Longest));
        }
        catch (CryptographicException)
        {
            return "(a name that cannot be read)";
        }
    }
}
