using System.Collections.Concurrent;
using System.Net;

namespace FlexTls;

/// <summary>
/// The servers of a generation that have negotiated TLS 1.3, by host and port. What counts is the time that has passed:
/// the clock may be set back.
/// </summary>
internal sealed class LearnedServers(TimeProvider clock)
{
    private const int MostServers = 10_000;

    // Servers behind one address may differ: at most one extra attempt in this time.
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromHours(1);

    // The server may only have been restarted.
    private static readonly TimeSpan AfterClose = TimeSpan.FromMinutes(1);

    // A server that resumes presents no certificate, and some resume for a week, whatever they would present by now.
    private static readonly TimeSpan FullInterval = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<DnsEndPoint, Server> _servers = new(1, 1);

    /// <summary>Whether the server has negotiated TLS 1.3, and may be offered nothing else.</summary>
    public bool SpeakTls13(DnsEndPoint endPoint) =>
        _servers.TryGetValue(endPoint, out var server) && server.SpeaksTls13
        && HasPassed(server.Pause, server.FailedAt);

    /// <summary>Whether the server may ask for a client certificate in a full handshake.</summary>
    public bool MayAsk(DnsEndPoint endPoint) => !_servers.TryGetValue(endPoint, out var server) || server.MayAsk;

    /// <summary>
    /// Whether the caller is the one to make the next full handshake, to see which certificate the server has now.
    /// </summary>
    public bool TakeFull(DnsEndPoint endPoint)
    {
        var now = clock.GetTimestamp();
        return _servers.TryGetValue(endPoint, out var server) && HasPassed(FullInterval, server.FullAt)
            && _servers.TryUpdate(endPoint, server with { FullAt = now }, server);
    }

    /// <summary>
    /// What the server presented last, for comparison with a resumed session; <see langword="null"/>: unknown, or one
    /// was found outdated lately. The servers behind one address may have different certificates.
    /// </summary>
    public PresentedChain? NewestOf(DnsEndPoint endPoint) =>
        _servers.TryGetValue(endPoint, out var server) && HasPassed(FullInterval, server.OutdatedAt)
            ? server.Newest : null;

    /// <summary>Records a server that has negotiated TLS 1.3 under the whole offer.</summary>
    public void Learn(DnsEndPoint endPoint, bool mayAsk)
    {
        if (_servers.Count < MostServers)
        {
            _servers.TryAdd(endPoint, default);
        }

        Update(endPoint, server => server with { SpeaksTls13 = true, MayAsk = mayAsk });
    }

    /// <summary>Records what a known server has presented in a full handshake.</summary>
    public void Presented(DnsEndPoint endPoint, PresentedChain chain)
    {
        var now = clock.GetTimestamp();
        Update(endPoint, server => server with { Newest = chain, FullAt = now });
    }

    /// <summary>Records that a session was resumed that is of another certificate than the server's newest.</summary>
    public void FoundOutdated(DnsEndPoint endPoint)
    {
        var now = clock.GetTimestamp();
        Update(endPoint, server => server with { OutdatedAt = now });
    }

    /// <summary>Forgets the server, which may have changed.</summary>
    public void Forget(DnsEndPoint endPoint) => _servers.TryRemove(endPoint, out _);

    /// <summary>Records that the server has failed an offer of TLS 1.3 alone.</summary>
    public void Unlearn(DnsEndPoint endPoint, bool wasClosed) => _servers[endPoint] = new()
    {
        MayAsk = true,
        FailedAt = clock.GetTimestamp(),
        Pause = wasClosed ? AfterClose : AfterRefusal,
    };

    /// <summary>Whether a time has passed since something; it has if that never happened.</summary>
    private bool HasPassed(TimeSpan time, long? since) => since is not { } at || clock.GetElapsedTime(at) >= time;

    /// <summary>Changes what is known of a server, if it is known.</summary>
    private void Update(DnsEndPoint endPoint, Func<Server, Server> change)
    {
        while (_servers.TryGetValue(endPoint, out var server)
            && !_servers.TryUpdate(endPoint, change(server), server))
        {
            // Another connection to the server has ended meanwhile.
        }
    }

    private readonly record struct Server(
        bool SpeaksTls13, bool MayAsk, long? FailedAt, TimeSpan Pause, long? FullAt, long? OutdatedAt,
        PresentedChain? Newest);
}
