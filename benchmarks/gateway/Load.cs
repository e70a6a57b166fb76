using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace FlexTls.GatewayComparison;

/// <summary>Workers that ask a gateway for one page, one request after the other.</summary>
internal sealed class Load : IDisposable
{
    private readonly HttpMessageInvoker _client;
    private readonly Uri _address;
    private readonly Version _version;
    private readonly ConcurrentBag<List<double>> _latencies = [];
    private readonly ConcurrentDictionary<string, long> _firstSeen = [];
    private readonly Task _work;
    private volatile bool _isStopping;
    private int _failures;
    private int _connections;

    public Load(RunningContender gateway, Version version, string path, int workers)
    {
        (_address, _version) = (gateway.AddressOf(version, path), version);
        _client = new HttpMessageInvoker(new SocketsHttpHandler { UseCookies = false, ConnectCallback = ConnectAsync });
        _work = Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(SendAsync)));
    }

    public int Failures => _failures;

    /// <summary>How many connections to the gateway were made.</summary>
    public int Connections => _connections;

    /// <summary>The milliseconds of each request that went well.</summary>
    public IEnumerable<double> Latencies => _latencies.SelectMany(latencies => latencies);

    /// <summary>When the upstream first saw a client; <see langword="null"/>: not yet.</summary>
    public long? FirstSeen(string client) => _firstSeen.TryGetValue(client, out var at) ? at : null;

    /// <summary>Sends no new requests, and waits for the answers to the others.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        return _work;
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync()
    {
        var latencies = new List<double>();
        _latencies.Add(latencies);
        while (!_isStopping)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, _address) { Version = _version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
                using var response = await _client.SendAsync(request, CancellationToken.None);
                await response.Content.CopyToAsync(Stream.Null);
                if (response.IsSuccessStatusCode)
                {
                    latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    _firstSeen.TryAdd(response.Headers.GetValues(UpstreamServer.ClientField).Single(), Stopwatch.GetTimestamp());
                    continue;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // Counted below.
            }

            Interlocked.Increment(ref _failures);
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext connection, CancellationToken ct)
    {
        Interlocked.Increment(ref _connections);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(connection.DnsEndPoint, ct);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
