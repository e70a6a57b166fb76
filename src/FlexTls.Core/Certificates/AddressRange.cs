using System.Formats.Asn1;
using System.Globalization;
using System.Net;
using System.Numerics;

namespace FlexTls;

/// <summary>An iPAddress in name constraints: a network and its mask (RFC 5280, section 4.2.1.10).</summary>
internal sealed class AddressRange
{
    private const int LongestAddress = 16;
    private const int MappedPrefix = 96;
    private readonly byte[] _network;
    private readonly byte[] _mask;
    private readonly int _prefixLength;
    private readonly bool _isMapped;

    /// <exception cref="AsnContentException">The length is wrong, or the mask has ones after a zero.</exception>
    public AddressRange(ReadOnlyMemory<byte> encoded)
    {
        var half = encoded.Length / 2;
        (_network, _mask) = (encoded[..half].ToArray(), encoded[half..].ToArray());
        _prefixLength = _mask.Sum(b => BitOperations.PopCount(b));
        if (encoded.Length is not (8 or 32) || !HasOnesFirst(_mask, _prefixLength))
        {
            throw new AsnContentException("an address constraint that is not a network");
        }

        _isMapped = _prefixLength >= MappedPrefix && new IPAddress(_network).IsIPv4MappedToIPv6;
    }

    public bool Holds(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[LongestAddress];
        return address.TryWriteBytes(bytes, out var length) && length == _network.Length && Holds(bytes[..length]);
    }

    /// <summary>
    /// Whether the range contains the same address in the other version of IP: an IPv4 address is mapped into
    /// ::ffff:0:0/96, and back. A wider IPv6 range, such as ::/0, applies only to IPv6.
    /// </summary>
    public bool HoldsMapped(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? Holds(address.MapToIPv4()) : _isMapped && Holds(address.MapToIPv6());

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(_network)}/{_prefixLength}");

    private bool Holds(ReadOnlySpan<byte> address)
    {
        for (var i = 0; i < address.Length; i++)
        {
            if (((address[i] ^ _network[i]) & _mask[i]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasOnesFirst(byte[] mask, int ones)
    {
        for (var bit = 0; bit < mask.Length * 8; bit++)
        {
            if ((mask[bit / 8] & (0x80 >> (bit % 8))) != 0 != bit < ones)
            {
                return false;
            }
        }

        return true;
    }
}
