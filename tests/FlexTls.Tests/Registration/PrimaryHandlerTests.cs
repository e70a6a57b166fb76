using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Xunit;

namespace FlexTls.Registration;

/// <summary>Which handlers of a user can be put under a policy: behind delegating ones too, whatever the order of the calls.</summary>
public class PrimaryHandlerTests
{
    public static TheoryData<string, bool> Orders
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var way in Ways.Keys)
            {
                data.Add(way, true);
                data.Add(way, false);
            }

            return data;
        }
    }

    /// <summary>The ways to set up a primary handler; each sets the same property.</summary>
    private static Dictionary<string, Action<IHttpClientBuilder>> Ways { get; } = new()
    {
        ["factory"] = client => client.ConfigurePrimaryHttpMessageHandler(() => Handler()),
        ["factory with services"] = client => client.ConfigurePrimaryHttpMessageHandler(_ => Handler()),
        ["configure"] = client => client.ConfigurePrimaryHttpMessageHandler((handler, _) => ((SocketsHttpHandler)handler).MaxConnectionsPerServer = 7),
        ["type"] = client =>
        {
            client.Services.AddTransient(_ => Handler());
            client.ConfigurePrimaryHttpMessageHandler<SocketsHttpHandler>();
        },
        ["sockets"] = client => client.UseSocketsHttpHandler((handler, _) => handler.MaxConnectionsPerServer = 7),
#pragma warning disable CS0618 // Obsolete, and still there.
        ["builder"] = client => client.ConfigureHttpMessageHandlerBuilder(builder => builder.PrimaryHandler = Handler()),
#pragma warning restore CS0618
        ["delegating"] = client => client.ConfigurePrimaryHttpMessageHandler(() => new Tagging("a") { InnerHandler = Handler() }),
        ["options"] = client => client.Services.Configure<HttpClientFactoryOptions>(client.Name, options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = Handler())),
        ["defaults"] = client => client.Services.ConfigureHttpClientDefaults(all => all.ConfigurePrimaryHttpMessageHandler(() => Handler())),
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task TheOrderOfCalls_DoesNotMatter(string way, bool policyFirst)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = ClientHost.Create(services =>
        {
            var client = services.AddHttpClient("orders");
            if (policyFirst)
            {
                client.AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
            }

            Ways[way](client);
            if (!policyFirst)
            {
                client.AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
            }
        });

        Assert.Equal("HTTP/2", await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token()));

        Assert.Equal(["h2", "http/1.1"], Assert.Single(upstream.Requests).Hello!.Alpn);
        Assert.Equal(7, ClientHandler.SocketsOf(clients).MaxConnectionsPerServer);
    }

    [Fact]
    public async Task APostConfigureOfTheUser_BeforeAddOutboundTls_IsUnderThePolicy()
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = ClientHost.Create(services =>
        {
            services.PostConfigureAll<HttpClientFactoryOptions>(options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = Handler()));
            services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        });

        Assert.Equal("HTTP/2", await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token()));
        Assert.Equal(7, ClientHandler.SocketsOf(clients).MaxConnectionsPerServer);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task DelegatingHandlersInFront_StayThere_InTheirOrder(int count)
    {
        await using var upstream = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer) { Respond = context => context.Response.Body.WriteAsync(System.Text.Encoding.ASCII.GetBytes(context.Request.Headers["X-Tag"].ToString())).AsTask() }, Deadline.Token());
        await using var clients = ClientHost.Under(Pki.Trusting(), client =>
        {
            client.AddHttpMessageHandler(() => new Tagging("added"));
            client.ConfigurePrimaryHttpMessageHandler(() =>
                Enumerable.Range(0, count).Aggregate((HttpMessageHandler)Handler(), (inner, i) => new Tagging($"chain{i}") { InnerHandler = inner }));
        });

        var tags = await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(["added", .. Enumerable.Range(0, count).Reverse().Select(i => $"chain{i}")], tags.Split(',', StringSplitOptions.TrimEntries));
        Assert.Equal(["h2", "http/1.1"], Assert.Single(upstream.Requests).Hello!.Alpn);
        Assert.Equal(7, ClientHandler.SocketsOf(clients).MaxConnectionsPerServer);
    }

    public static TheoryData<string, string> Foreign => new()
    {
        { "HttpClientHandler", "HttpClientHandler" },
        { "fake", "Fake" },
        { "delegating", "HttpClientHandler" },
        { "end", "missing" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task AForeignHandler_IsRefusedAtStart_WithTheMend(string kind, string shown)
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default).ConfigurePrimaryHttpMessageHandler(() => kind switch
        {
            "HttpClientHandler" => new HttpClientHandler(),
            "fake" => new Fake(),
            "delegating" => new Tagging("a") { InnerHandler = new Tagging("b") { InnerHandler = new HttpClientHandler() } },
            _ => new Tagging("a"),
        });

        var fault = Assert.Single((await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics);

        Assert.Equal(DiagnosticCodes.ForeignPrimaryHandler, fault.Code);
        Assert.StartsWith($"client 'orders': its primary handler is {shown}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("return a SocketsHttpHandler from ConfigurePrimaryHttpMessageHandler", fault.Message, StringComparison.Ordinal);
        Assert.Contains("DangerousReplaceOutboundTls", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHandlerOfSeveralClients_IsCopiedForEach()
    {
        using var shared = Handler();
        await using var clients = ClientHost.Create(services =>
        {
            services.AddHttpClient("a").ConfigurePrimaryHttpMessageHandler(() => shared).AddOutboundTls(OutboundTlsPolicy.Default);
            services.AddHttpClient("b").ConfigurePrimaryHttpMessageHandler(() => shared).AddOutboundTls(OutboundTlsPolicy.GatewayDefault);
        });

        var (a, b) = (ClientHandler.OursOf(clients, "a")!, ClientHandler.OursOf(clients, "b")!);

        Assert.NotSame(a.Current.Upstream.Handler, b.Current.Upstream.Handler);
        Assert.Equal(OutboundTlsPolicy.Default, a.Upstream.Context.Policy);
        Assert.Equal(OutboundTlsPolicy.GatewayDefault, b.Upstream.Context.Policy);
        Assert.Null(shared.ConnectCallback);
    }

    [Fact]
    public async Task ADelegatingHandlerOfSeveralPolicies_IsAnError()
    {
        using var shared = new Tagging("a") { InnerHandler = Handler() };
        await using var clients = ClientHost.Create(services =>
        {
            services.AddHttpClient("a").ConfigurePrimaryHttpMessageHandler(() => shared).AddOutboundTls(OutboundTlsPolicy.Default);
            services.AddHttpClient("b").ConfigurePrimaryHttpMessageHandler(() => shared).AddOutboundTls(OutboundTlsPolicy.GatewayDefault);
        });
        _ = clients["a"];

        Assert.Equal(DiagnosticCodes.HandlerReplaced, Assert.Single(Assert.Throws<TlsPolicyException>(() => clients["b"]).Diagnostics).Code);
        Assert.IsType<ClientGate>(shared.InnerHandler);
    }

    private static SocketsHttpHandler Handler() => new() { MaxConnectionsPerServer = 7 };

    private sealed class Tagging(string tag) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Tag", tag);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Fake : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
