using System.Formats.Asn1;
using System.Globalization;
using System.Net;

namespace FlexTls.Validation;

/// <summary>An iPAddress of name constraints: a network and its mask (RFC 5280, section 4.2.1.10).</summary>
internal sealed class AddressRange
{
    private readonly byte[] _network;
    private readonly byte[] _mask;

    /// <exception cref="AsnContentException">It is no network: of a wrong length, or its mask has ones after a zero.</exception>
    public AddressRange(ReadOnlyMemory<byte> encoded)
    {
        var half = encoded.Length / 2;
        (_network, _mask) = (encoded[..half].ToArray(), encoded[half..].ToArray());
        if (encoded.Length is not (8 or 32) || PrefixLength is null)
        {
            throw new AsnContentException("an address constraint that is no network");
        }
    }

    /// <summary>The number of leading ones; <see langword="null"/> if ones follow a zero.</summary>
    private int? PrefixLength
    {
        get
        {
            var bits = string.Concat(_mask.Select(b => b.ToString("B8", CultureInfo.InvariantCulture)));
            var ones = bits.TrimEnd('0');
            return ones.Contains('0', StringComparison.Ordinal) ? null : ones.Length;
        }
    }

    public bool Holds(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.Length == _network.Length && Enumerable.Range(0, bytes.Length).All(i => ((bytes[i] ^ _network[i]) & _mask[i]) == 0);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(_network)}/{PrefixLength}");
}
