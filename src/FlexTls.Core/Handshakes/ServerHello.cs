using System.Buffers.Binary;

namespace FlexTls;

/// <summary>The parts of a server's hello that the platform does not expose (RFC 8446, section 4.1.3).</summary>
/// <param name="IsResumed">
/// Whether the server resumed a session; <see langword="null"/>: unknown, because the ClientHello was not seen.
/// </param>
/// <param name="Group">
/// The code point of the key exchange's group, such as 29 for x25519; <see langword="null"/> before TLS 1.3, and for a
/// session that was resumed without a key exchange.
/// </param>
internal readonly record struct ServerHello(bool? IsResumed, ushort? Group)
{
    // Extensions (RFC 8446, section 4.2).
    private const int PreSharedKey = 41;
    private const int SupportedVersions = 43;
    private const int KeyShare = 51;
    private const int Tls13 = 0x0304;

    private const int RandomAt = 2;
    private const int SessionIdAt = RandomAt + 32;

    /// <summary>The random of a hello that only asks for another ClientHello.</summary>
    private static ReadOnlySpan<byte> RetryRandom =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    /// <summary>The registered name of the group.</summary>
    public string? GroupName => Group is { } group ? KeyExchangeGroups.NameOf(group) : null;

    /// <summary>Whether the message asks for another ClientHello, so that another hello follows.</summary>
    public static bool IsRetry(ReadOnlySpan<byte> body) =>
        body.Length >= SessionIdAt && body[RandomAt..SessionIdAt].SequenceEqual(RetryRandom);

    /// <summary>Reads the body of the message; <see langword="null"/>: it is malformed.</summary>
    /// <param name="body">The body.</param>
    /// <param name="sent">The session id of the ClientHello; <see langword="null"/>: unknown.</param>
    public static ServerHello? Read(ReadOnlySpan<byte> body, byte[]? sent)
    {
        var rest = new HelloFields(body);
        if (!rest.Skip(SessionIdAt) || !rest.Take(1, out var sessionId) || !rest.Skip(3))
        {
            return null;
        }

        // There may be no extensions before TLS 1.3.
        var extensions = new HelloFields(rest.Take(2, out var list) ? list : []);
        var (isTls13, isResumed, group) = (false, false, default(ushort?));
        while (extensions.TakeExtension(out var type, out var value))
        {
            isTls13 |= type == SupportedVersions && value.Length == 2
                && BinaryPrimitives.ReadUInt16BigEndian(value) == Tls13;
            isResumed |= type == PreSharedKey;
            group = type == KeyShare && value.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(value) : group;
        }

        if (isTls13)
        {
            return new(isResumed, group);
        }

        // RFC 5246, section 7.4.1.3: a server that resumes a session repeats its id.
        return new(sent is null ? null : sent.Length > 0 && sessionId.SequenceEqual(sent), null);
    }
}
