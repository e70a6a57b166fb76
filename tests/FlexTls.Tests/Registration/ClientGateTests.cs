using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Registration;

/// <summary>A gate that has nothing to do costs nothing.</summary>
public class ClientGateTests
{
    private const int Requests = 10_000;

    [Fact]
    public async Task AClientWithoutAPolicy_PassesWithoutAnAllocation()
    {
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting())));
            services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
            services.AddHttpClient("free").ConfigurePrimaryHttpMessageHandler(() => new Answering());
        });
        var gate = GateOf(clients, "free");
        using var invoker = new HttpMessageInvoker(gate, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://localhost/");
        Send(invoker, request);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Requests; i++)
        {
            Send(invoker, request);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task AGate_StandsDirectlyInFrontOfTheUntouchedPrimaryHandler()
    {
        using var primary = new SocketsHttpHandler();
        await using var clients = ClientHost.Create(services =>
        {
            services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
            services.AddHttpClient("free").AddHttpMessageHandler(() => new Passing()).ConfigurePrimaryHttpMessageHandler(() => new Passing { InnerHandler = primary });
        });

        var gate = GateOf(clients, "free");

        Assert.Same(primary, gate.InnerHandler);
        Assert.Null(primary.ConnectCallback);
        Assert.Null(gate.Handler);
    }

    [Fact]
    public async Task AHandlerThatLentItsSettings_IsNotDisposedWithTheGate()
    {
        using var shared = new SocketsHttpHandler();
        await using var clients = ClientHost.Create(services =>
            services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => shared).AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting())));
        var gate = GateOf(clients, "orders");

        gate.Dispose();

        // A handler that is disposed cannot be changed.
        shared.MaxConnectionsPerServer = 3;
        Assert.Throws<ObjectDisposedException>(() => gate.Handler!.Current.Upstream.Handler.MaxConnectionsPerServer = 3);
    }

    private static void Send(HttpMessageInvoker invoker, HttpRequestMessage request)
    {
        var sent = invoker.SendAsync(request, CancellationToken.None);
        Assert.True(sent.IsCompletedSuccessfully);
    }

    private sealed class Answering : HttpMessageHandler
    {
        private readonly Task<HttpResponseMessage> _answer = Task.FromResult(new HttpResponseMessage());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _answer;
    }

    private sealed class Passing : DelegatingHandler;

    private static ClientGate GateOf(ClientHost clients, string name) =>
        ClientGate.Find(clients.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(name))!;
}
