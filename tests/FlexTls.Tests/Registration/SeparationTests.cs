using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace FlexTls.Registration;

/// <summary>A policy is that of its client: not of a copy of the services, of another client, or of a name that is almost the same.</summary>
public class SeparationTests
{
    [Fact]
    public async Task ServicesThatAreCopied_TakeNothingAlongThatIsRegisteredOnAnotherCopy()
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer) { ClientCertificates = ClientCertificateMode.AllowCertificate }, Deadline.Token());
        var common = new ServiceCollection();
        common.AddOutboundTls();
        await using var first = Copy(services => services.AddHttpClient("partner").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls())));
        await using var second = Copy(services => services.AddHttpClient("partner"));

        await Client(first).GetStringAsync(upstream.Address, Deadline.Token());
        await Assert.ThrowsAsync<HttpRequestException>(() => Client(second).GetStringAsync(upstream.Address, Deadline.Token()));

        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);

        ServiceProvider Copy(Action<IServiceCollection> configure)
        {
            IServiceCollection copy = new ServiceCollection();
            foreach (var service in common)
            {
                copy.Add(service);
            }

            configure(copy);
            return copy.BuildServiceProvider();
        }
    }

    [Fact]
    public async Task AHandlerThatIsSharedWithAClientUnderAPolicy_IsRefused()
    {
        using var shared = new PassingHandler { InnerHandler = new SocketsHttpHandler() };
        await using var clients = ClientHost.Create(services =>
        {
            services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => shared).AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
            services.AddHttpClient("other").ConfigurePrimaryHttpMessageHandler(() => shared);
        });
        _ = clients["orders"];

        var fault = Assert.Single(Assert.Throws<TlsPolicyException>(() => clients["other"]).Diagnostics);

        Assert.Equal("FTLS7014", fault.Code);
        Assert.Contains("'other'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHandlerThatAClientWithoutAPolicyUsedBefore_IsRefused()
    {
        using var shared = new PassingHandler { InnerHandler = new SocketsHttpHandler() };
        await using var clients = ClientHost.Create(services =>
        {
            services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => shared)
                .AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
            services.AddHttpClient("other").ConfigurePrimaryHttpMessageHandler(() => shared);
        });
        _ = clients["other"];

        var fault = Assert.Single(Assert.Throws<TlsPolicyException>(() => clients["orders"]).Diagnostics);

        Assert.Equal("FTLS7014", fault.Code);
        Assert.Contains("'other'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHandlerThatIsSharedWithAnotherHost_IsRefused()
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer) { ClientCertificates = ClientCertificateMode.AllowCertificate }, Deadline.Token());
        using var shared = new PassingHandler { InnerHandler = new SocketsHttpHandler() };
        await using var first = ClientHost.Under(Pki.MutualTls(), client => client.ConfigurePrimaryHttpMessageHandler(() => shared));
        await using var second = ClientHost.Under(Pki.Trusting(), client => client.ConfigurePrimaryHttpMessageHandler(() => shared));
        await first["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        var fault = Assert.Single(Assert.Throws<TlsPolicyException>(() => second["orders"]).Diagnostics);

        Assert.Equal("FTLS7014", fault.Code);
        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }

    [Fact]
    public async Task ANameThatDiffersInLetterCase_IsAnErrorUnderADefaultCall()
    {
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting())));
            services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        });

        var fault = Assert.Single(Assert.Throws<TlsPolicyException>(() => clients["Orders"]).Diagnostics);

        Assert.Equal("FTLS7001", fault.Code);
        Assert.Contains("did you mean 'orders'?", fault.Message, StringComparison.Ordinal);
        _ = clients["orders"];
        _ = clients["another"];
    }

    [Fact]
    public async Task ALoggerThatUsesAnHttpClient_DoesNotWaitForItself()
    {
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.Services.AddSingleton<ILoggerProvider, HttpLoggerProvider>())
            .AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting())).Services
            .BuildServiceProvider();

        var logger = await Task.Run(() => services.GetRequiredService<ILoggerFactory>().CreateLogger("any")).WaitAsync(Deadline.Token());

        Assert.NotNull(logger);
    }

    private static HttpClient Client(ServiceProvider services) => services.GetRequiredService<IHttpClientFactory>().CreateClient("partner");

    private sealed class HttpLoggerProvider(IHttpClientFactory clients) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => clients is null ? throw new InvalidOperationException() : NullLogger.Instance;

        public void Dispose()
        {
        }
    }
}
