using FlexTls.Support;

namespace FlexTls.Interop;

/// <summary>All servers, started together when the first is needed, and what was found with them.</summary>
public sealed class InteropServers : IAsyncDisposable
{
    private readonly InteropPki _pki = new();
    private readonly Lazy<Dictionary<InteropServer, Task<RunningServer>>> _running;

    public InteropServers()
    {
        _running = new(() => AllServers.All.Where(server => server.Missing().Count == 0)
            .ToDictionary(server => server, server => Task.Run(() => RunningServer.StartAsync(server, _pki, new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token))));
        Policies = new(() => new InteropPolicies(_pki));
    }

    internal InteropPki Pki => _pki;

    internal Lazy<InteropPolicies> Policies { get; }

    internal InteropResults Results { get; } = new();

    /// <summary>The server, running; it must be there.</summary>
    internal Task<RunningServer> GetAsync(InteropServer server) => _running.Value[server];

    /// <summary>On a user's machine that lacks a server the test is skipped; in CI it fails.</summary>
    internal static void Require(InteropServer server)
    {
        if (server.Missing() is { Count: > 0 } missing)
        {
            ExternalTool.SkipOrFail($"{server.Name} lacks {string.Join(", ", missing)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await Results.WriteAsync(patience.Token);
        }
        finally
        {
            await StopAsync();
        }
    }

    private async Task StopAsync()
    {
        foreach (var starting in _running.IsValueCreated ? _running.Value.Values.ToArray() : [])
        {
            // One that did not start has failed its tests and has nothing to end.
            await starting.ContinueWith(static _ => { }, TaskScheduler.Default);
            if (starting.IsCompletedSuccessfully)
            {
                await starting.Result.DisposeAsync();
            }
        }

        if (Policies.IsValueCreated)
        {
            await Policies.Value.DisposeAsync();
        }
    }
}
