using System.Net;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Xunit;
using Yarp.ReverseProxy.Configuration;

namespace FlexTls.Proxies;

/// <summary>
/// Many requests through six clusters, each with an upstream of its own that accepts its own identity only, while
/// policies and the proxy's configuration change.
/// </summary>
public class SoakTests : ProxyContext
{
    private const int Workers = 100;
    private static readonly string[] Names = [.. Enumerable.Range(1, 6).Select(number => $"cluster-{number}")];

    [Fact(Explicit = true)]
    public async Task NoRequestFails_AndEachUpstreamSeesItsOwnIdentityOnly()
    {
        await using var soak = await Soak.StartAsync();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var workers = Enumerable.Range(0, Workers).Select(number => soak.AskAsync(Names[number % 6], end.Token)).ToList();
        var changes = soak.ChangeAsync(end.Token);

        await Task.WhenAll([changes, .. workers]);

        Assert.Equal([], soak.Failures);
        Assert.Equal([], soak.Violations);
        Assert.True(soak.Changes > 20, $"There were {soak.Changes} changes only.");
        TestContext.Current.SendDiagnosticMessage(
            $"{soak.Requests} requests, {soak.Changes} changes, {soak.Identities} identities");
    }

    /// <summary>The test would see a mistake.</summary>
    [Fact]
    public async Task ASwappedPair_IsSeen()
    {
        await using var soak = await Soak.StartAsync(swapped: true);

        await soak.AskOnceAsync(Names[0]);
        await soak.AskOnceAsync(Names[2]);

        Assert.Equal([$"{Names[0]} saw CN={Names[1]}-0"], soak.Violations);
    }

    private sealed class Soak : IAsyncDisposable
    {
        private readonly List<HttpUpstream> _servers = [];
        private readonly Gateway _gateway = new();
        private readonly HashSet<string> _seen = [];
        private readonly bool _swapped;
        private int _requests;
        private bool _isRouted = true;

        private Soak(bool swapped) => _swapped = swapped;

        public List<string> Failures { get; } = [];

        public List<string> Violations { get; } = [];

        public int Requests => _requests;

        public int Changes { get; private set; }

        public int Identities => _seen.Count;

        public static async Task<Soak> StartAsync(bool swapped = false)
        {
            var soak = new Soak(swapped);
            foreach (var name in Names)
            {
                soak._servers.Add(await ProxyContext.StartAsync(options => options with
                {
                    Respond = context => soak.RecordAsync(name, context),
                }));
                soak._gateway.Write(name, $"{name}-0");
            }

            await soak._gateway.StartAsync(soak.Clusters(0));
            return soak;
        }

        public async Task AskAsync(string cluster, CancellationToken end)
        {
            while (!end.IsCancellationRequested)
            {
                await AskOnceAsync(cluster);
            }
        }

        public async Task AskOnceAsync(string cluster)
        {
            try
            {
                using var response = await _gateway.GetAsync(cluster);
                Interlocked.Increment(ref _requests);
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    Add(Failures, $"{cluster}: {response.StatusCode}");
                }
            }
            catch (HttpRequestException e)
            {
                Add(Failures, $"{cluster}: {e.Message}");
            }
        }

        /// <summary>Renews identities, and changes clusters in ways that make new clients, by turns and together.</summary>
        public async Task ChangeAsync(CancellationToken end)
        {
            for (var round = 1; !end.IsCancellationRequested; round++)
            {
                foreach (var name in Names)
                {
                    _gateway.Write(name, $"{name}-{round}");
                }

                var reload = _gateway.ReloadAsync();
                _gateway.Update(Clusters(round));
                await reload;
                Changes++;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _gateway.DisposeAsync();
            foreach (var server in _servers)
            {
                await server.DisposeAsync();
            }
        }

        /// <summary>
        /// The clusters; each round some have other settings, or name their policy in their metadata, or both. One more
        /// comes and goes.
        /// </summary>
        private ClusterConfig[] Clusters(int round)
        {
            var clusters = Names.Select((name, i) => Gateway.Cluster(
                name, _servers[i], PolicyOf(i, round)) with
            {
                HttpClient = new HttpClientConfig { MaxConnectionsPerServer = 100 + ((round + i) % 2) },
            });
            _isRouted = !_isRouted;
            return [.. clusters, .. _isRouted ? [] : new[] { Gateway.Cluster("guest", _servers[0], Names[0]) }];
        }

        private string? PolicyOf(int i, int round) =>
            _swapped && i < 2 ? Names[1 - i] : (round + i) % 3 == 0 ? Names[i] : null;

        private Task RecordAsync(string name, HttpContext context)
        {
            var subject = context.Connection.ClientCertificate!.Subject;
            if (!subject.StartsWith($"CN={name}-", StringComparison.Ordinal))
            {
                Add(Violations, $"{name} saw {subject}");
            }

            lock (_seen)
            {
                _seen.Add(subject);
            }

            return context.Response.WriteAsync("ok", context.RequestAborted);
        }

        private static void Add(List<string> list, string text)
        {
            lock (list)
            {
                list.Add(text);
            }
        }
    }
}
