using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>An upstream whose client certificate is one of two in turn, each with requests between.</summary>
internal sealed class LeakHost : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly PolicyHost _host = new();
    private readonly X509Certificate2[] _identities = [RotatingHost.Identity("even"), RotatingHost.Identity("odd")];
    private readonly ChaosServer _server;
    private HttpClient _client = null!;
    private IOutboundTlsManager _manager = null!;
    private OutboundTlsContext _context = null!;
    private int _number;

    private LeakHost(ChaosServer server) => _server = server;

    // No deadline: each would hold its timer for as long as it has.
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private X509Certificate2 Identity => _identities[_number % 2];

    public static async Task<LeakHost> StartAsync()
    {
        var host = new LeakHost(await ChaosServer.StartAsync(Pki.EcServer));
        host.Write();
        host._host.Write("orders.yaml", PolicyYaml.Binding("orders", RotatingHost.Config));
        host._host.Builder.Services.AddSingleton<TimeProvider>(host._clock);
        host._host.Builder.Services.AddOutboundTls(tls =>
        {
            tls.AddPolicyFile("orders.yaml");
            tls.ReloadOnChange = false;
        });
        host._host.Builder.Services.AddHttpClient("orders", client => client.BaseAddress = host._server.Address).AddOutboundTls();
        await host._host.StartAsync();
        host._client = host._host["orders"];
        host._manager = host._host.Services.GetRequiredService<IOutboundTlsManager>();
        host._context = host._host.Services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders");
        return host;
    }

    /// <returns>What was replaced.</returns>
    public async Task<IReadOnlyList<WeakReference<ContextGeneration>>> RotateAsync(int count)
    {
        var old = new List<WeakReference<ContextGeneration>>();
        for (var i = 0; i < count; i++)
        {
            old.Add(Current());
            _number++;
            Write();
            Assert.Empty(await _manager.ReloadAsync(Ct));
            await SendAsync(_client, "1.1");
            await SendAsync(_client, "2.0");

            // The connections of the generation before have nothing under way: they are closed.
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        // They are closed in the background.
        for (var ct = Deadline.Token(); Assert.Single(_manager.GetStatus().Upstreams).DrainingConnections > 0;)
        {
            await Task.Run(() => { }, ct);
        }

        return old;
    }

    /// <summary>What as many handlers of the platform's own leave, with the same requests.</summary>
    public async Task<long> StockGrowthAsync(int count)
    {
        await RotateStockAsync(count / 10);
        var before = Measure().Bytes;
        await RotateStockAsync(count);
        return Measure().Bytes - before;
    }

    /// <summary>The server closes its ends when it has heard of it.</summary>
    /// <param name="most">How many there may be; <see langword="null"/>: any number, once it stays the same.</param>
    public static async Task UntilHandlesAsync(int? most)
    {
        var ct = Deadline.Token();
        for (var last = -1; last != Handles() || last > most;)
        {
            last = Handles();
            await Task.Run(Collect, ct);
        }
    }

    public (long Bytes, int Handles) Measure()
    {
        _host.Log.Lines.Clear();
        Collect();
        var memory = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        return (memory.HeapSizeBytes - memory.FragmentedBytes, Handles());
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>Without assemblies, which the runtime opens when it needs them first.</summary>
    private static int Handles() =>
        new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Count(handle => handle.LinkTarget?.EndsWith(".dll", StringComparison.Ordinal) == false);

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>Not inlined: a variable of the caller's would keep it alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference<ContextGeneration> Current() => new(_context.Generation);

    private void Write()
    {
        _host.Write("orders.crt", Identity.ExportCertificatePem());
        _host.Write("orders.key", Identity.KeyPem());
    }

    private async Task RotateStockAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _number++;
            using var client = new HttpClient(new SocketsHttpHandler
            {
                SslOptions =
                {
                    ClientCertificateContext = SslStreamCertificateContext.Create(Identity, null, offline: true),
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
                },
            })
            {
                BaseAddress = _server.Address,
            };
            await SendAsync(client, "1.1");
            await SendAsync(client, "2.0");
        }

        await UntilHandlesAsync(most: null);
    }

    private async Task SendAsync(HttpClient client, string version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await client.SendAsync(request, Ct);
        Assert.Equal(Identity.SerialNumber, await response.Content.ReadAsStringAsync(Ct));
    }
}
