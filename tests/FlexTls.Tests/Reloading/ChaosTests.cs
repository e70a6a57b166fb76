using System.Diagnostics;
using System.Globalization;
using FlexTls.Support;
using FlexTls.TestKit;
using FlexTls.Watching;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>
/// Two upstreams under load, in turn one that is rotated all the time and one whose files are spoiled every 200 ms: no
/// request is lost, and none is made under an identity that was replaced.
/// </summary>
public sealed class ChaosTests : IAsyncLifetime
{
    /// <summary>How many seconds the chaos lasts, instead of 60.</summary>
    private const string Duration = "FLEXTLS_CHAOS_SECONDS";

    private const int Workers = 100;
    private const int LeastPerSecond = 1000;
    private const int Disturbances = 4;
    private const int LastingTicks = 8;

    // An old CA that is taken away waits for the delay, the shortest that there is.
    private static readonly TimeSpan WeakeningDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostDelay = TimeSpan.FromSeconds(30);

    private readonly TestFolder _folder = new();
    private readonly PolicyHost _host = new();
    private readonly PeriodicTimer _tick = new(TimeSpan.FromMilliseconds(200));
    private readonly Random _random = new(7);
    private readonly List<ChaosUpstream> _upstreams = [];

    public async ValueTask InitializeAsync()
    {
        await AddAsync("orders", isMounted: false);
        await AddAsync("billing", isMounted: true);

        _host.Builder.Services.AddOutboundTls(tls =>
        {
            tls.WeakeningDelay = WeakeningDelay;
            _upstreams.ForEach(upstream => tls.AddPolicyFile(upstream.PolicyPath));
        });
        foreach (var upstream in _upstreams)
        {
            _host.Builder.Services.AddHttpClient(upstream.Name, client => client.Timeout = TimeSpan.FromSeconds(30)).RemoveAllLoggers().AddOutboundTls();
        }

        await _host.StartAsync();
        var (manager, contexts) = (_host.Services.GetRequiredService<IOutboundTlsManager>(), _host.Services.GetRequiredService<IOutboundTlsContextProvider>());
        foreach (var upstream in _upstreams)
        {
            upstream.Start(_host[upstream.Name], contexts.GetContext(upstream.Name), () => manager.GetStatus().Upstreams.Single(status => status.Name == upstream.Name));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _tick.Dispose();
        await _host.DisposeAsync();
        foreach (var upstream in _upstreams)
        {
            await upstream.Server.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact(Explicit = true)]
    public async Task FilesThatChangeUnderLoad_CostNoRequest()
    {
        var time = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable(Duration) is { Length: > 0 } seconds ? int.Parse(seconds, CultureInfo.InvariantCulture) : 60);
        var workers = new ChaosWorkers(_upstreams, Workers);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var start = Stopwatch.GetTimestamp();
        var load = workers.RunAsync(end.Token);
        try
        {
            for (var turn = 0; Stopwatch.GetElapsedTime(start) < time; turn++)
            {
                await TakeTurnAsync(turn, _upstreams[turn % 2], _upstreams[(turn + 1) % 2]);
            }
        }
        finally
        {
            await end.CancelAsync();
            await load;
            Summarize(workers, Stopwatch.GetElapsedTime(start));
        }

        Assert.Empty(workers.Failures);
        Assert.Empty(workers.Late);
        Assert.Equal(workers.Sent, workers.Answered);
        Assert.Equal(workers.Sent, _upstreams.Sum(upstream => upstream.Server.Requests));
        Assert.True(workers.Sent >= LeastPerSecond * time.TotalSeconds, $"{workers.Sent} requests are too few to prove anything.");
        Assert.All(_upstreams, upstream => Assert.Equal(UpstreamTlsState.UpToDate, upstream.Status.State));
        Assert.All(_upstreams.SelectMany(upstream => upstream.Delays), delay => Assert.True(delay < MostDelay, $"A new identity came after {delay}."));
    }

    private async Task AddAsync(string name, bool isMounted)
    {
        var authority = TestCA.Root($"CN={name} CA 0");
        var server = await ChaosServer.StartAsync(authority.IssueServer("localhost"));
        var upstream = new ChaosUpstream(name, server, new ChaosFiles(_folder, name, isMounted), authority);
        upstream.Begin();
        _upstreams.Add(upstream);
    }

    private async Task TakeTurnAsync(int turn, ChaosUpstream rotated, ChaosUpstream disturbed)
    {
        using var over = new CancellationTokenSource();
        var rotation = RotateAsync(rotated, over.Token);
        for (var i = 0; i < Disturbances; i++)
        {
            await TickAsync();
            disturbed.Disturb(_random);
        }

        await TickAsync();
        var generation = disturbed.Status.Generation;
        disturbed.Spoil(turn);
        for (var i = 0; i < LastingTicks; i++)
        {
            await TickAsync();
            _upstreams[_random.Next(2)].Touch();
        }

        await disturbed.UntilDegradedAsync();
        disturbed.Restore();
        var healed = _host.Log.UntilAsync(() => disturbed.Status.State == UpstreamTlsState.UpToDate, Deadline.Token());
        await over.CancelAsync();
        for (var done = Task.WhenAll(healed, rotation); !done.IsCompleted;)
        {
            await TickAsync();
            _upstreams[_random.Next(2)].Touch();
        }

        await healed;
        await rotation;
        Assert.Equal(generation, disturbed.Status.Generation);
    }

    private async Task RotateAsync(ChaosUpstream upstream, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await upstream.RotateIdentityAsync();
            await upstream.RotateAuthorityAsync(_host.Log);
        }
    }

    private async Task TickAsync() => Assert.True(await _tick.WaitForNextTickAsync(TestContext.Current.CancellationToken));

    private void Summarize(ChaosWorkers workers, TimeSpan time)
    {
        var output = TestContext.Current.TestOutputHelper!;
        double[] delays = [.. _upstreams.SelectMany(upstream => upstream.Delays).Select(delay => delay.TotalMilliseconds).Order()];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{workers.Sent} requests in {time.TotalSeconds:F1} s ({workers.Sent / time.TotalSeconds:F0}/s), {workers.Answered} answers, {workers.Failures.Count} failed, {workers.Late.Count} under an old identity; ")
            + string.Create(CultureInfo.InvariantCulture, $"{_upstreams.Sum(upstream => upstream.Server.Accepted)} connections, {_upstreams.Sum(upstream => upstream.Status.Generation - 1)} swaps, {_upstreams.Sum(upstream => upstream.Authorities)} CAs replaced; ")
            + string.Create(CultureInfo.InvariantCulture, $"change to new identity: median {delays.ElementAtOrDefault(delays.Length / 2):F0} ms, most {delays.LastOrDefault():F0} ms; ")
            + $"degraded for {string.Join(", ", _upstreams.SelectMany(upstream => upstream.Faults).CountBy(code => code).Select(code => $"{code.Key} {code.Value}x"))}");
        foreach (var failure in workers.Failures.Take(3))
        {
            output.WriteLine(failure.ToString());
        }

        foreach (var late in workers.Late.Take(3))
        {
            output.WriteLine(late);
        }
    }
}
