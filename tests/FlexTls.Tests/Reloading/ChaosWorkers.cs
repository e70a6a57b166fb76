using System.Collections.Concurrent;
using System.Net;

namespace FlexTls.Reloading;

/// <summary>Workers that send requests one after the other, and never the same twice.</summary>
internal sealed class ChaosWorkers(IReadOnlyList<ChaosUpstream> upstreams, int count)
{
    private long _sent;
    private long _answered;

    public long Sent => Interlocked.Read(ref _sent);

    public long Answered => Interlocked.Read(ref _answered);

    public ConcurrentQueue<Exception> Failures { get; } = new();

    /// <summary>Requests that presented an older certificate than the one in force when they started.</summary>
    public ConcurrentQueue<string> Late { get; } = new();

    /// <summary>Half of them of HTTP/1.1, half of HTTP/2, to all upstreams alike.</summary>
    public Task RunAsync(CancellationToken end) => Task.WhenAll(Enumerable.Range(0, count).Select(worker => Task.Run(
        () => WorkAsync(upstreams[worker / 2 % upstreams.Count], worker % 2 == 0 ? HttpVersion.Version11 : HttpVersion.Version20, end), CancellationToken.None)));

    private async Task WorkAsync(ChaosUpstream upstream, Version version, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await SendAsync(upstream, version);
            }
            catch (Exception e)
            {
                Failures.Enqueue(e);
            }
        }
    }

    private async Task SendAsync(ChaosUpstream upstream, Version version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, upstream.Server.Address) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var inForce = upstream.InForce;
        Interlocked.Increment(ref _sent);

        // To its end, whatever becomes of the test: its client has a timeout.
        using var response = await upstream.Client.SendAsync(request, CancellationToken.None);
        var seen = upstream.NumberOf(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(CancellationToken.None));
        Interlocked.Increment(ref _answered);
        if (seen < inForce)
        {
            Late.Enqueue($"{upstream.Name}, HTTP/{version}: certificate {seen} although {inForce} was in force.");
        }
    }
}
