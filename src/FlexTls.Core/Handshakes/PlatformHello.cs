using System.Buffers.Binary;
using System.Net.Security;

namespace FlexTls;

/// <summary>The parts of the platform's ClientHello that tell what it offers (RFC 8446, section 4.1.2).</summary>
/// <param name="CipherSuites">The cipher suites, in order.</param>
/// <param name="Groups">The names of the groups for key exchanges, in order.</param>
internal sealed record PlatformHello(IReadOnlyList<TlsCipherSuite> CipherSuites, IReadOnlyList<string> Groups)
{
    // Record header, message header, version and random come first.
    private const int SessionIdAt = 5 + 4 + 2 + 32;

    private const int SupportedGroups = 10;

    // Signals support of secure renegotiation, and is no suite (RFC 5746, section 3.3).
    private const ushort RenegotiationSignal = 0x00FF;

    /// <summary>Reads the client's first flight; empty: there is no ClientHello.</summary>
    public static PlatformHello Read(ReadOnlySpan<byte> flight)
    {
        var rest = new HelloFields(flight);
        if (!rest.Skip(SessionIdAt) || !rest.Take(1, out _) || !rest.Take(2, out var suites) || !rest.Take(1, out _))
        {
            return new PlatformHello([], []);
        }

        var extensions = new HelloFields(rest.Take(2, out var list) ? list : []);
        List<ushort> groups = [];
        while (extensions.TakeExtension(out var type, out var value))
        {
            groups = type == SupportedGroups && value.Length >= 2 ? CodePoints(value[2..]) : groups;
        }

        return new PlatformHello(
            [.. CodePoints(suites).Where(suite => suite != RenegotiationSignal).Select(suite => (TlsCipherSuite)suite)],
            [.. groups.Select(KeyExchangeGroups.NameOf)]);
    }

    private static List<ushort> CodePoints(ReadOnlySpan<byte> list)
    {
        var codePoints = new List<ushort>();
        for (var i = 0; i + 1 < list.Length; i += 2)
        {
            codePoints.Add(BinaryPrimitives.ReadUInt16BigEndian(list[i..]));
        }

        return codePoints;
    }
}
