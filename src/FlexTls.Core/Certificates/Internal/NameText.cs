#pragma warning disable RS0030 // The platform's texts of names are banned elsewhere: they are as long as the names.
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Certificates;

/// <summary>
/// A distinguished name as people read it, in one line. Names in certificates are as long as their makers like; texts of
/// them are not.
/// </summary>
internal static class NameText
{
    /// <summary>The most bytes of an encoded name that is put into words.</summary>
    public const int LongestEncoded = 4096;

    private const int Longest = 500;

    public static string OfSubject(X509Certificate2 certificate) => Of(certificate.SubjectName.RawData);

    /// <summary>The text of an encoded name, cut where it is long.</summary>
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
