using System.Globalization;
using System.Net;

namespace RawTcp;

/// <summary>What the program is told: where to listen, where to connect, under which policy.</summary>
internal sealed record Arguments(IPEndPoint Listen, DnsEndPoint Upstream, string PolicyFile)
{
    public const string Usage = """
        usage: RawTcp LISTEN UPSTREAM POLICY
          LISTEN    address and port to accept plain TCP on, such as 127.0.0.1:5432; port 0 is any free one
          UPSTREAM  host and port to connect by TLS, such as db.internal.example:5433
          POLICY    file with the upstream's policy binding
        """;

    public static Arguments? Parse(string[] args) =>
        args is [var listen, var upstream, var policy] && listen.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(listen, out var local) && ParseHost(upstream) is { } remote
            ? new Arguments(local, remote, policy)
            : null;

    private static DnsEndPoint? ParseHost(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? new DnsEndPoint(text[..colon].Trim('[', ']'), port)
            : null;
    }
}
