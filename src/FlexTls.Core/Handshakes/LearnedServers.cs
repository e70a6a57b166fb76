using System.Collections.Concurrent;
using System.Net;

namespace FlexTls;

/// <summary>The servers of a generation that have negotiated TLS 1.3, by host and port.</summary>
internal sealed class LearnedServers(TimeProvider clock)
{
    private const int MostServers = 10_000;

    // Servers behind one address may differ: at most one extra attempt in this time.
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromHours(1);

    // The server may only have been restarted.
    private static readonly TimeSpan AfterClose = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<DnsEndPoint, Server> _servers = new(1, 1);

    /// <summary>Whether the server has negotiated TLS 1.3, and may be offered nothing else.</summary>
    public bool SpeakTls13(DnsEndPoint endPoint) =>
        _servers.TryGetValue(endPoint, out var server) && server.SpeaksTls13 && clock.GetUtcNow() >= server.NotBefore;

    /// <summary>Whether the server may ask for a client certificate in a full handshake.</summary>
    public bool MayAsk(DnsEndPoint endPoint) => !_servers.TryGetValue(endPoint, out var server) || server.MayAsk;

    /// <summary>Records a server that has negotiated TLS 1.3 under the whole offer.</summary>
    public void Learn(DnsEndPoint endPoint, bool mayAsk)
    {
        var before = _servers.GetValueOrDefault(endPoint);
        if (before.SpeaksTls13 ? before.MayAsk != mayAsk : before != default || _servers.Count < MostServers)
        {
            _servers[endPoint] = before with { SpeaksTls13 = true, MayAsk = mayAsk };
        }
    }

    /// <summary>Forgets the server, which may have changed.</summary>
    public void Forget(DnsEndPoint endPoint) => _servers.TryRemove(endPoint, out _);

    /// <summary>Records that the server has failed an offer of TLS 1.3 alone.</summary>
    public void Unlearn(DnsEndPoint endPoint, bool wasClosed) => _servers[endPoint] = new(
        SpeaksTls13: false, MayAsk: true, clock.GetUtcNow() + (wasClosed ? AfterClose : AfterRefusal));

    private readonly record struct Server(bool SpeaksTls13, bool MayAsk, DateTimeOffset NotBefore);
}
