using System.Formats.Asn1;

namespace FlexTls;

/// <summary>Recognizes the kind of binary data.</summary>
internal static class DerForms
{
    private const string SignedData = "1.2.840.113549.1.7.2";
    private const int VersionOfPkcs12 = 3;

    public static DerForm Of(ReadOnlyMemory<byte> data)
    {
        try
        {
            var outer = new AsnReader(data, AsnEncodingRules.BER).ReadSequence();
            var first = outer.PeekTag();
            return first == Asn1Tag.Integer ? OfVersioned(outer)
                : first == Asn1Tag.ObjectIdentifier
                    ? (outer.ReadObjectIdentifier() == SignedData ? DerForm.Pkcs7 : DerForm.Unknown)
                : first == Asn1Tag.Sequence ? OfAlgorithm(outer)
                : DerForm.Unknown;
        }
        catch (AsnContentException)
        {
            return DerForm.Unknown;
        }
    }

    /// <summary>Whether there are fewer bytes than the header announces.</summary>
    public static bool IsCutOff(ReadOnlySpan<byte> data) =>
        data is [0x30, 0x82, var high, var low, ..] && data.Length < 4 + ((high << 8) | low);

    /// <summary>Whether more data follow the first value, which a reader of one value would silently drop.</summary>
    public static bool HasMore(ReadOnlySpan<byte> data)
    {
        try
        {
            return data is [0x30, ..]
                && AsnDecoder.TryReadEncodedValue(data, AsnEncodingRules.BER, out _, out _, out _, out var length)
                && length < data.Length;
        }
        catch (AsnContentException)
        {
            // A value of indefinite length without its end.
            return false;
        }
    }

    private static DerForm OfVersioned(AsnReader outer)
    {
        var isPkcs12 = outer.TryReadInt32(out var version) && version == VersionOfPkcs12;
        var second = outer.PeekTag();
        return second == Asn1Tag.Sequence ? (isPkcs12 ? DerForm.Pkcs12 : DerForm.PrivateKey)
            : second == Asn1Tag.Integer || second == Asn1Tag.PrimitiveOctetString ? DerForm.PrivateKey
            : DerForm.Unknown;
    }

    private static DerForm OfAlgorithm(AsnReader outer)
    {
        outer.ReadEncodedValue();
        var second = outer.PeekTag();
        return second == Asn1Tag.Sequence ? DerForm.Certificate
            : second == Asn1Tag.PrimitiveOctetString ? DerForm.EncryptedPrivateKey
            : second == Asn1Tag.PrimitiveBitString ? DerForm.PublicKey
            : DerForm.Unknown;
    }
}
