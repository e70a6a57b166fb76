using System.Buffers.Binary;
using System.Net.Security;
using System.Text;

namespace FlexTls.TestKit;

/// <summary>A decoded ClientHello (RFC 8446, section 4.1.2): the evidence of what a client really offers.</summary>
public sealed record ClientHello(
    IReadOnlyList<TlsCipherSuite> CipherSuites,
    IReadOnlyList<string> Versions,
    IReadOnlyList<string> Alpn,
    string? ServerName,
    IReadOnlyList<int> SignatureAlgorithms)
{
    private const int ServerNameExtension = 0;
    private const int GroupsExtension = 10;
    private const int SignatureAlgorithmsExtension = 13;
    private const int AlpnExtension = 16;
    private const int SupportedVersionsExtension = 43;

    // TLS_EMPTY_RENEGOTIATION_INFO_SCSV and TLS_FALLBACK_SCSV are signals, not suites.
    private static readonly int[] Signals = [0x00FF, 0x5600];

    /// <summary>The code points of the groups for key exchanges.</summary>
    public IReadOnlyList<int> Groups { get; init; } = [];

    /// <summary>Decodes the first flight of a client: one or more handshake records.</summary>
    public static ClientHello Decode(ReadOnlySpan<byte> flight)
    {
        var hello = new Reader(Unwrap(flight));
        hello.Skip(4);
        var legacyVersion = hello.UInt16();
        hello.Skip(32);
        hello.Vector8();
        var suites = hello.Vector16().UInt16s().Where(suite => !Signals.Contains(suite)).Select(suite => (TlsCipherSuite)suite).ToList();
        hello.Vector8();

        string? serverName = null;
        List<string> alpn = [];
        List<int> versions = [], signatures = [], groups = [];
        var extensions = hello.Vector16();
        while (!extensions.IsEmpty)
        {
            var type = extensions.UInt16();
            var body = extensions.Vector16();
            switch (type)
            {
                case ServerNameExtension:
                    var names = body.Vector16();
                    names.Skip(1);
                    serverName = names.Vector16().Text();
                    break;
                case GroupsExtension:
                    groups = body.Vector16().UInt16s();
                    break;
                case SignatureAlgorithmsExtension:
                    signatures = body.Vector16().UInt16s();
                    break;
                case AlpnExtension:
                    for (var list = body.Vector16(); !list.IsEmpty;)
                    {
                        alpn.Add(list.Vector8().Text());
                    }

                    break;
                case SupportedVersionsExtension:
                    versions = body.Vector8().UInt16s();
                    break;
                default:
                    break;
            }
        }

        var offered = (versions.Count == 0 ? [legacyVersion] : versions).Select(Name);
        return new ClientHello(suites, [.. offered], alpn, serverName, signatures)
        {
            Groups = groups,
        };
    }

    private static string Name(int version) => version switch
    {
        0x0302 => "1.1",
        0x0303 => "1.2",
        0x0304 => "1.3",
        _ => $"{version:x4}",
    };

    /// <summary>The handshake message without the headers of its records.</summary>
    private static byte[] Unwrap(ReadOnlySpan<byte> flight)
    {
        var message = new List<byte>();
        while (flight.Length >= 5 && flight[0] == 22)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(flight[3..]);
            message.AddRange(flight.Slice(5, length));
            flight = flight[(5 + length)..];
        }

        return [.. message];
    }

    private ref struct Reader(ReadOnlySpan<byte> data)
    {
        private ReadOnlySpan<byte> _rest = data;

        public readonly bool IsEmpty => _rest.IsEmpty;

        public void Skip(int count) => _rest = _rest[count..];

        public int UInt16()
        {
            var value = BinaryPrimitives.ReadUInt16BigEndian(_rest);
            Skip(2);
            return value;
        }

        public Reader Vector8()
        {
            var length = _rest[0];
            Skip(1);
            return Take(length);
        }

        public Reader Vector16() => Take(UInt16());

        public List<int> UInt16s()
        {
            var values = new List<int>();
            while (!IsEmpty)
            {
                values.Add(UInt16());
            }

            return values;
        }

        public readonly string Text() => Encoding.UTF8.GetString(_rest);

        private Reader Take(int length)
        {
            var taken = new Reader(_rest[..length]);
            Skip(length);
            return taken;
        }
    }
}
