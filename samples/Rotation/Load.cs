using System.Collections.Concurrent;

namespace Rotation;

/// <summary>Workers that send one request after the other, through one client, and try none again.</summary>
internal sealed class Load
{
    private const int Workers = 16;

    // The machine has an upstream to run beside.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly HttpClient _client;
    private readonly Task _work;
    private readonly ConcurrentDictionary<string, int> _failures = [];
    private volatile bool _isStopping;
    private int _requests;
    private int _errors;

    public Load(HttpClient client)
    {
        _client = client;

        // One more waits for slow answers: its requests are under way when the certificate is replaced.
        _work = Task.WhenAll([SendAsync(Upstream.SlowPath), .. Enumerable.Repeat("/", Workers).Select(SendAsync)]);
    }

    public int Requests => Volatile.Read(ref _requests);

    public int Errors => Volatile.Read(ref _errors);

    /// <summary>Why requests have failed, and how many of them.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>Sends no new requests, and waits for the answers to the others.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        return _work;
    }

    private async Task SendAsync(string path)
    {
        while (!_isStopping)
        {
            Interlocked.Increment(ref _requests);
            try
            {
                await _client.GetStringAsync(path);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                Interlocked.Increment(ref _errors);
                _failures.AddOrUpdate(e.Message, 1, (_, count) => count + 1);
            }

            await Task.Delay(Pause);
        }
    }
}
