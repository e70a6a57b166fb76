using System.Numerics;

namespace FlexTls;

/// <summary>
/// Whether only the owner of an Ed25519 or Ed448 public key can sign for it. For the few points of small order
/// everybody can, and libraries accept such signatures: RFC 8032 does not require a check.
/// </summary>
internal static class EdwardsPoint
{
    private const int BytesOf25519 = 32;
    private const int BytesOf448 = 57;
    private const byte SignBit = 0x80;
    private static readonly BigInteger Prime25519 = (BigInteger.One << 255) - 19;
    private static readonly BigInteger Prime448 = (BigInteger.One << 448) - (BigInteger.One << 224) - 1;

    // The y coordinates of the points of order 1, 2 and 4, reduced or not, and of the two of order 8.
    private static readonly byte[][] SmallOrder25519 =
    [
        .. AroundZero(Prime25519, BytesOf25519),
        Convert.FromHexString("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        Convert.FromHexString("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ];

    private static readonly byte[][] SmallOrder448 = [.. AroundZero(Prime448, BytesOf448)];

    public static bool IsSound(byte[] point, bool isOf448)
    {
        if (point.Length != (isOf448 ? BytesOf448 : BytesOf25519))
        {
            return false;
        }

        // The highest bit is the sign of x.
        byte[] y = [.. point[..^1], (byte)(point[^1] & ~SignBit)];
        return !Array.Exists(isOf448 ? SmallOrder448 : SmallOrder25519, small => small.AsSpan().SequenceEqual(y));
    }

    private static IEnumerable<byte[]> AroundZero(BigInteger prime, int length) =>
        ((BigInteger[])[0, 1, prime - 1, prime, prime + 1]).Select(y => Encoded(y, length));

    private static byte[] Encoded(BigInteger y, int length)
    {
        var encoded = new byte[length];
        y.TryWriteBytes(encoded, out _, isUnsigned: true);
        return encoded;
    }
}
