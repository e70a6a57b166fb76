using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Registration;

/// <summary>No setting of a user's handler is lost, and none of TLS is taken in silence. Properties of newer platforms fail here first.</summary>
public class HandlerSettingTests
{
    /// <summary>What the policy, its connections and its redirects own.</summary>
    private static readonly string[] Ours =
    [
        nameof(SocketsHttpHandler.SslOptions), nameof(SocketsHttpHandler.ConnectCallback),
        nameof(SocketsHttpHandler.AllowAutoRedirect), nameof(SocketsHttpHandler.Proxy),
        nameof(SocketsHttpHandler.UseProxy),
    ];

    public static TheoryData<string> Settings => [.. OtherValues.SettableProperties(typeof(SocketsHttpHandler)).Select(property => property.Name).Except(Ours)];

    public static TheoryData<string> TlsSettings => [.. OtherValues.SettableProperties(typeof(SslClientAuthenticationOptions)).Select(property => property.Name)];

    /// <summary>
    /// A setting that a newer runtime adds may be about TLS or about who makes the connection. It is copied like the
    /// others until somebody has looked at it, so it fails here.
    /// </summary>
    [Fact]
    public void EverySetting_IsKnown()
    {
        string[] known =
        [
            .. Ours,
            nameof(SocketsHttpHandler.ActivityHeadersPropagator), nameof(SocketsHttpHandler.AutomaticDecompression),
            nameof(SocketsHttpHandler.ConnectTimeout), nameof(SocketsHttpHandler.CookieContainer),
            nameof(SocketsHttpHandler.Credentials), nameof(SocketsHttpHandler.DefaultProxyCredentials),
            nameof(SocketsHttpHandler.EnableMultipleHttp2Connections),
            nameof(SocketsHttpHandler.EnableMultipleHttp3Connections),
            nameof(SocketsHttpHandler.Expect100ContinueTimeout), nameof(SocketsHttpHandler.InitialHttp2StreamWindowSize),
            nameof(SocketsHttpHandler.KeepAlivePingDelay), nameof(SocketsHttpHandler.KeepAlivePingPolicy),
            nameof(SocketsHttpHandler.KeepAlivePingTimeout), nameof(SocketsHttpHandler.MaxAutomaticRedirections),
            nameof(SocketsHttpHandler.MaxConnectionsPerServer), nameof(SocketsHttpHandler.MaxResponseDrainSize),
            nameof(SocketsHttpHandler.MaxResponseHeadersLength), nameof(SocketsHttpHandler.MeterFactory),
            nameof(SocketsHttpHandler.PlaintextStreamFilter), nameof(SocketsHttpHandler.PooledConnectionIdleTimeout),
            nameof(SocketsHttpHandler.PooledConnectionLifetime), nameof(SocketsHttpHandler.PreAuthenticate),
            nameof(SocketsHttpHandler.RequestHeaderEncodingSelector), nameof(SocketsHttpHandler.ResponseDrainTimeout),
            nameof(SocketsHttpHandler.ResponseHeaderEncodingSelector), nameof(SocketsHttpHandler.UseCookies),
            nameof(SocketsHttpHandler.UseProxy),

            // Of .NET 11.
            "InitialHttp2MaxConcurrentStreams", "ShouldEvictConnection",
        ];

        var settings = OtherValues.SettableProperties(typeof(SocketsHttpHandler)).Select(property => property.Name);

        Assert.Empty(settings.Except(known));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Setting_OfTheUsersHandler_IsKept(string name)
    {
        var property = typeof(SocketsHttpHandler).GetProperty(name)!;
        using var users = new SocketsHttpHandler();
        var value = OtherValues.For(property, property.GetValue(users));
        property.SetValue(users, value);
        Assert.Equal(value, property.GetValue(users));
        await using var clients = Create(() => users);

        Assert.Equal(value, property.GetValue(ClientHandler.SocketsOf(clients)));
    }

    [Fact]
    public async Task AllSettingsTogether_AreKept()
    {
        using var users = new SocketsHttpHandler();
        foreach (var property in OtherValues.SettableProperties(typeof(SocketsHttpHandler)).Where(property => !Ours.Contains(property.Name)))
        {
            property.SetValue(users, OtherValues.For(property, property.GetValue(users)));
        }

        await using var clients = Create(() => users);
        var handler = ClientHandler.SocketsOf(clients);

        Assert.All(Settings, name => Assert.Equal(typeof(SocketsHttpHandler).GetProperty(name.Data)!.GetValue(users), typeof(SocketsHttpHandler).GetProperty(name.Data)!.GetValue(handler)));
    }

    [Fact]
    public async Task Defaults_AreKept()
    {
        using var stock = new SocketsHttpHandler();
        await using var clients = Create(() => new SocketsHttpHandler());
        var handler = ClientHandler.SocketsOf(clients);

        // A cookie container is made when it is asked for; the factory of meters comes from the services.
        string[] own = [nameof(SocketsHttpHandler.CookieContainer), nameof(SocketsHttpHandler.MeterFactory)];
        Assert.All(Settings.Select(row => row.Data).Except(own), name => Assert.Equal(typeof(SocketsHttpHandler).GetProperty(name)!.GetValue(stock), typeof(SocketsHttpHandler).GetProperty(name)!.GetValue(handler)));
    }

    [Fact]
    public async Task Properties_AreKept()
    {
        using var users = new SocketsHttpHandler { Properties = { ["a"] = 1, ["b"] = null } };
        await using var clients = Create(() => users);

        Assert.Equal(users.Properties, ClientHandler.SocketsOf(clients).Properties);
    }

    [Fact]
    public async Task TheUsersProxy_IsAsked()
    {
        var proxy = new WebProxy("http://127.0.0.1:1", BypassOnLocal: false, ["direct.example"]) { Credentials = new NetworkCredential("user", "word") };
        await using var clients = Create(() => new SocketsHttpHandler { Proxy = proxy });
        await Record.ExceptionAsync(() => clients["orders"].GetAsync(new Uri("https://orders.example"), Deadline.Token()));
        var pool = ClientHandler.OursOf(clients, "orders")!.Current.Upstream;
        var asked = Assert.IsType<ProxySelector>(pool.ProxyHandler!.Proxy);

        Assert.True(pool.ProxyHandler.UseProxy);
        Assert.False(pool.Handler.UseProxy);
        Assert.Equal(proxy.Address!.Authority, asked.Find(new Uri("https://orders.example"))!.Authority);
        Assert.Null(asked.Find(new Uri("https://direct.example")));
        Assert.Same(proxy.Credentials, asked.Credentials!.GetCredential(proxy.Address, "Basic"));
        asked.Credentials = null;
        Assert.Null(proxy.Credentials);
    }

    [Fact]
    public async Task WhereTheUserWantsNoProxy_ThereIsNone()
    {
        await using var clients = Create(() => new SocketsHttpHandler { UseProxy = false, Proxy = new WebProxy("http://127.0.0.1:1") });
        await Record.ExceptionAsync(() => clients["orders"].GetAsync(new Uri("https://localhost:1"), Deadline.Token()));

        Assert.Null(ClientHandler.OursOf(clients, "orders")!.Current.Upstream.ProxyHandler);
    }

    [Fact]
    public async Task TheUsersConnectCallback_MakesTheTransport()
    {
        var asked = new List<DnsEndPoint>();
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = Create(() => new SocketsHttpHandler
        {
            ConnectCallback = async (connection, ct) =>
            {
                asked.Add(connection.DnsEndPoint);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, upstream.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });

        await clients["orders"].GetStringAsync($"https://{Pki.Host}", Deadline.Token());

        Assert.Equal(new DnsEndPoint(Pki.Host, 443), Assert.Single(asked));
        Assert.Equal((Pki.Host, "h2"), (upstream.ServerNames.Single(), Assert.Single(upstream.Requests).Hello!.Alpn[0]));
    }

    [Theory]
    [MemberData(nameof(TlsSettings))]
    public async Task TlsSetting_OfTheUsersHandler_IsAnErrorAtStart(string name)
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default).ConfigurePrimaryHttpMessageHandler(() =>
        {
            var options = new SslClientAuthenticationOptions();
            var property = typeof(SslClientAuthenticationOptions).GetProperty(name)!;
            property.SetValue(options, OtherValues.For(property, property.GetValue(options)));
            return new SocketsHttpHandler { SslOptions = options };
        });

        var fault = Assert.Single((await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics);

        Assert.Equal(DiagnosticCodes.TlsSettingOnHandler, fault.Code);
        Assert.Equal($"client 'orders': the handler sets SslOptions.{name}, which the policy decides; remove it.",
            fault.Message);
    }

    [Fact]
    public async Task UntouchedSslOptions_AreNoSetting()
    {
        await using var clients = Create(() =>
        {
            var handler = new SocketsHttpHandler();
            _ = handler.SslOptions.TargetHost;
            return handler;
        });

        Assert.NotNull(ClientHandler.OursOf(clients, "orders"));
    }

    [Fact]
    public async Task AllTlsSettings_AreNamedAtOnce()
    {
        var fault = await Record.ExceptionAsync(async () =>
        {
            await using var clients = Create(() => new SocketsHttpHandler { SslOptions = { TargetHost = "x", EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12 } });
            _ = clients["orders"];
        });

        Assert.Equal(2, Assert.IsType<TlsPolicyException>(fault).Diagnostics.Count);
    }

    [Fact]
    public void CookiesOfAnUpstreamThatIsGone_DoNotPassToTheNext()
    {
        using var settings = new SocketsHttpHandler();
        var gone = Use(settings);
        for (var ct = Deadline.Token(); gone.IsAlive; GC.Collect())
        {
            ct.ThrowIfCancellationRequested();
        }

        using var next = HandlerSettings.CopyFor(NewUpstream(), settings);

        Assert.NotSame(settings.CookieContainer, next.CookieContainer);
    }

    [Fact]
    public void CookiesOfAClient_StayWithIt_WhenItsOwnPolicyReplacesTheGatewaysDefault()
    {
        using var settings = new SocketsHttpHandler();
        var (before, next, other) = (NewUpstream(), NewUpstream(), NewUpstream());

        using var first = HandlerSettings.CopyFor(before, settings);
        using var second = HandlerSettings.CopyFor(next, settings, before);
        using var third = HandlerSettings.CopyFor(other, settings, before);

        Assert.Same(settings.CookieContainer, first.CookieContainer);
        Assert.Same(settings.CookieContainer, second.CookieContainer);
        Assert.NotSame(settings.CookieContainer, third.CookieContainer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Use(SocketsHttpHandler settings)
    {
        var upstream = NewUpstream();
        using var copy = HandlerSettings.CopyFor(upstream, settings);
        Assert.Same(settings.CookieContainer, copy.CookieContainer);
        return new WeakReference(upstream);
    }

    private static Upstream NewUpstream() => ContextUpstreams.Of(Pki.Context(Pki.Trusting()));

    private static ClientHost Create(Func<HttpMessageHandler> handler) =>
        ClientHost.Under(Pki.Trusting(), client => client.ConfigurePrimaryHttpMessageHandler(handler));
}
