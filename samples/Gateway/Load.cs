using System.Collections.Concurrent;

namespace Gateway;

/// <summary>Clients of the gateway, which send one request after the other and try none again.</summary>
internal sealed class Load : IDisposable
{
    private const int WorkersOfEach = 6;

    private readonly HttpClient _client;
    private readonly ConcurrentDictionary<string, int> _failures = [];
    private readonly Task _work;
    private volatile bool _isStopping;
    private int _requests;

    public Load(Uri gateway, IEnumerable<string> clusters)
    {
        _client = new HttpClient { BaseAddress = gateway };
        _work = Task.WhenAll(clusters.SelectMany(cluster => Enumerable.Repeat(cluster, WorkersOfEach)).Select(SendAsync));
    }

    public int Requests => Volatile.Read(ref _requests);

    public int Errors => _failures.Values.Sum();

    /// <summary>Why requests have failed, and how many of them.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>Sends no new requests, and waits for the answers to the others.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        return _work;
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(string cluster)
    {
        while (!_isStopping)
        {
            Interlocked.Increment(ref _requests);
            try
            {
                await _client.GetStringAsync($"/{cluster}/");
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                _failures.AddOrUpdate($"{cluster}: {e.Message}", 1, (_, count) => count + 1);
            }

            // The machine has the gateway and its partners to run beside.
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }
}
