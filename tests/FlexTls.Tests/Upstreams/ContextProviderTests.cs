using System.Net;
using System.Text;
using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Upstreams;

/// <summary>Contexts for code that makes its connections without HttpClient.</summary>
public class ContextProviderTests
{
    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("default/orders", "orders")]
    [InlineData("payments/orders", "payments/orders")]
    [InlineData("billing", "payments/billing")]
    public async Task AContext_IsFoundByItsName(string name, string expected)
    {
        await using var clients = Create("orders", "payments/orders", "payments/billing");
        var contexts = clients.Services.GetRequiredService<IOutboundTlsContextProvider>();

        var context = contexts.GetContext(name);

        Assert.Equal(expected, context.Name);
        Assert.True(contexts.TryGetContext(name, out var again));
        Assert.Same(context, again);
    }

    [Theory]
    [InlineData("order", "did you mean 'orders'?")]
    [InlineData("west/orders", "there are policies for")]
    [InlineData("billing", "\"east/billing\", \"west/billing\"")]
    [InlineData("orders.yaml", "AddPolicyFile")]
    [InlineData("", "not the name of a Service")]
    public async Task AnUnknownName_IsAnErrorWithTheReason(string name, string reason)
    {
        await using var clients = Create("orders", "east/billing", "west/billing");
        var contexts = clients.Services.GetRequiredService<IOutboundTlsContextProvider>();

        var exception = Assert.Throws<KeyNotFoundException>(() => contexts.GetContext(name));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.False(contexts.TryGetContext(name, out var context));
        Assert.Null(context);
        Assert.Throws<ArgumentNullException>(() => contexts.GetContext(null!));
        Assert.Throws<ArgumentNullException>(() => contexts.TryGetContext(null!, out _));
    }

    [Fact]
    public async Task AContext_MakesARawConnection()
    {
        await using var upstream = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer) { ClientCertificates = ClientCertificateMode.RequireCertificate }, Deadline.Token());
        await using var clients = ClientHost.Create(services => services.AddOutboundTls(tls => tls.AddPolicy("orders", options =>
        {
            var mutual = Pki.MutualTls();
            (options.TrustedCA, options.Certificate, options.Alpn) = (mutual.TrustedCA, mutual.Certificate, ["http/1.1"]);
        })));
        var context = clients.Services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders");

        await using var stream = await context.ConnectAsync(new DnsEndPoint("localhost", upstream.Port), Deadline.Token());
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Deadline.Token());
        using var reader = new StreamReader(stream);

        Assert.StartsWith("HTTP/1.1 200", await reader.ReadToEndAsync(Deadline.Token()), StringComparison.Ordinal);
        var seen = Assert.Single(upstream.Requests);
        Assert.Equal((Pki.Client.Subject, "localhost"), (seen.ClientCertificate, seen.Hello!.ServerName));
    }

    [Fact]
    public async Task ContextsEnd_WithTheServices()
    {
        IOutboundTlsContextProvider contexts;
        OutboundTlsContext context;
        await using (var clients = Create("orders"))
        {
            contexts = clients.Services.GetRequiredService<IOutboundTlsContextProvider>();
            context = contexts.GetContext("orders");
            _ = context.CreateClientOptions("localhost");
        }

        Assert.Throws<ObjectDisposedException>(() => context.CreateClientOptions("localhost"));
        Assert.Throws<ObjectDisposedException>(() => contexts.GetContext("orders").CreateClientOptions("localhost"));
    }

    [Fact]
    public async Task AContext_IsNothingToDispose()
    {
        await using var clients = Create("orders");
        var contexts = clients.Services.GetRequiredService<IOutboundTlsContextProvider>();

        // What a using block does for everything that can be disposed.
        if ((object)contexts.GetContext("orders") is IDisposable disposable)
        {
            disposable.Dispose();
        }

        Assert.NotNull(contexts.GetContext("orders").CreateClientOptions("localhost"));
    }

    [Fact]
    public async Task AContextOfTheFactory_OutlivesTheServices()
    {
        OutboundTlsContext context;
        await using (var clients = Create("orders"))
        {
            var policy = clients.Services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders").Policy;
            context = new TlsContextFactory().Create(policy);
        }

        Assert.NotNull(context.CreateClientOptions("localhost"));
    }

    [Fact]
    public async Task AfterDisposal_NothingIsLoadedAnyMore()
    {
        IOutboundTlsContextProvider contexts;
        await using (var clients = Create("orders"))
        {
            contexts = clients.Services.GetRequiredService<IOutboundTlsContextProvider>();
        }

        Assert.Throws<ObjectDisposedException>(() => contexts.GetContext("orders"));
    }

    [Fact]
    public async Task TheProvider_IsASingleton_AndWorksWithoutHttpClients()
    {
        await using var services = new ServiceCollection().AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default)).BuildServiceProvider(validateScopes: true);
        await using var scope = services.CreateAsyncScope();

        Assert.Same(services.GetRequiredService<IOutboundTlsContextProvider>(), scope.ServiceProvider.GetRequiredService<IOutboundTlsContextProvider>());
        Assert.Equal(OutboundTlsPolicy.Default, services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders").Policy);
    }

    private static ClientHost Create(params string[] names) => ClientHost.Create(services => services.AddOutboundTls(tls =>
    {
        foreach (var name in names)
        {
            tls.AddPolicy(name, options => options.TrustedCA = Pki.Root.Pem);
        }
    }));
}
