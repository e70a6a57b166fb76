using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FlexTls.Registration;

/// <summary>
/// A log that delivers by a client of the same program, or hangs, runs under no lock that other clients wait for.
/// </summary>
public class BusyLogTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALogThatDeliversByAClient_HoldsUpNobody(bool isForAllClients)
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var clients = ClientHost.Create(services =>
        {
            if (!isForAllClients)
            {
                services.AddOutboundTls(tls => tls.AddPolicy("orders", Lax));
            }

            services.ConfigureHttpClientDefaults(client =>
            {
                client.RemoveAllLoggers();
                _ = isForAllClients ? client.AddOutboundTls(Lax) : client.AddOutboundTls();
            });
        });
        var isDelivering = new AsyncLocal<bool>();
        clients.Log.Written = _ =>
        {
            if (!isDelivering.Value)
            {
                isDelivering.Value = true;
                Task.Run(() => clients["log"].GetAsync(server.Address, Deadline.Token()).ContinueWith(
                    _ => { }, TaskScheduler.Default)).Wait(Deadline.Token());
                isDelivering.Value = false;
            }
        };

        await Task.Run(() => clients["orders"].GetStringAsync(server.Address, Deadline.Token()));

        Assert.NotEmpty(clients.Log.Warnings);
    }

    [Theory]
    [InlineData(UnboundClientBehavior.Stock)]
    [InlineData(UnboundClientBehavior.GatewayDefault)]
    public async Task ALogThatHangsAtALineAboutOneClient_HoldsUpNoOther(UnboundClientBehavior unbound)
    {
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.UnboundClients = unbound);
            services.ConfigureHttpClientDefaults(client =>
            {
                client.RemoveAllLoggers();
                if (unbound == UnboundClientBehavior.Stock)
                {
                    client.AddOutboundTls(Lax);
                }
            });
        });
        using var answers = new ManualResetEventSlim();
        var hangs = new TaskCompletionSource();
        clients.Log.Written = line =>
        {
            if (line.Contains("'a'", StringComparison.Ordinal) && hangs.TrySetResult())
            {
                answers.Wait(Deadline.Token());
            }
        };
        var first = Task.Run(() => clients["a"]);
        await hangs.Task.WaitAsync(Deadline.Token());

        await Task.Run(() => clients["b"]).WaitAsync(Deadline.Token());
        var manager = clients.Services.GetRequiredService<IOutboundTlsManager>();
        var status = await Task.Run(manager.GetStatus).WaitAsync(Deadline.Token());
        await Task.Run(() => manager.ReloadAsync(Deadline.Token())).WaitAsync(Deadline.Token());

        Assert.Contains(status.Upstreams, upstream => upstream.Name == "b");
        answers.Set();
        await first;
    }

    [Theory]
    [InlineData("h2")]
    [InlineData("http/1.1")]
    public async Task ALogThatHangsAtAFailedConnection_HoldsUpNoOtherConnection(string alpn)
    {
        await using var foreign = await HttpUpstream.StartAsync(
            Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        var port = foreign.Port;
        await using var clients = ClientHost.Under(Http.Policies.With(alpn), client =>
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ConnectCallback = async (_, ct) => await TestKit.Loopback.ConnectAsync(port, ct),
            }));
        using var answers = new ManualResetEventSlim();
        clients.Log.Written = line =>
        {
            if (line.Contains("failed.", StringComparison.Ordinal))
            {
                answers.Wait(Deadline.Token());
            }
        };
        await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetStringAsync(server.Address, Deadline.Token()));

        port = server.Port;
        await clients["orders"].GetStringAsync(server.Address, Deadline.Token());

        Assert.Single(server.Requests);
        answers.Set();
    }

    [Fact]
    public async Task ALogThatHangsAtARedirect_HoldsUpNoRequest()
    {
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        await using var clients = ClientHost.Under(Http.Policies.With("http/1.1"));
        using var answers = new ManualResetEventSlim();
        clients.Log.Written = line =>
        {
            if (line.Contains("redirected", StringComparison.Ordinal))
            {
                answers.Wait(Deadline.Token());
            }
        };

        await Task.Run(() => clients["orders"].GetStringAsync(server.Address, Deadline.Token()))
            .WaitAsync(Deadline.Token());

        Assert.Single(target.Requests);
        Assert.False(answers.IsSet);
        answers.Set();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALogThatIsMadeWithAClient_KeepsNobodyFromStarting(bool isGatewayDefault)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerProvider, MadeWithAClient>();
        services.AddOutboundTls(tls => tls.UnboundClients =
            isGatewayDefault ? UnboundClientBehavior.GatewayDefault : UnboundClientBehavior.Stock);
        services.ConfigureHttpClientDefaults(client =>
        {
            client.RemoveAllLoggers();
            if (!isGatewayDefault)
            {
                client.AddOutboundTls(Lax);
            }
        });
        services.AddLogging();
        await using var provider = services.BuildServiceProvider();

        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        Assert.Single(provider.GetServices<ILoggerProvider>());
    }

    private sealed class MadeWithAClient : ILoggerProvider
    {
        private readonly HttpClient _client;

        public MadeWithAClient(IHttpClientFactory clients) => _client = clients.CreateClient("log");

        public ILogger CreateLogger(string categoryName) => NullLogger.Instance;

        public void Dispose() => _client.Dispose();
    }

    private static void Lax(OutboundTlsOptions options) => options.DangerousSkipValidation = true;
}
