using System.Diagnostics.Metrics;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Xunit;

namespace FlexTls.Registration;

/// <summary>
/// Filters of handlers find the handler that the user configured, also where a policy may come, and what they set on it
/// is kept.
/// </summary>
public class HandlerFilterTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AFilter_SetsTheHandlerOfAClientThatHasNoPolicy(bool policyFirst)
    {
        await using var upstream =
            await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = ClientHost.Create(services => InOrder(
            policyFirst, services,
            handler => handler.SslOptions.RemoteCertificateValidationCallback =
                (_, certificate, _, _) => certificate?.Subject == Pki.EcServer.Subject));

        Assert.Equal("HTTP/1.1", await clients["free"].GetStringAsync(upstream.Address, Deadline.Token()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AFilter_SetsTheHandlerOfAClientUnderAPolicy(bool policyFirst)
    {
        await using var clients = ClientHost.Create(services =>
            InOrder(policyFirst, services, handler => handler.MaxConnectionsPerServer = 7));

        _ = clients["orders"];

        Assert.Equal(7, ClientHandler.SocketsOf(clients).MaxConnectionsPerServer);
    }

    [Theory]
    [InlineData("free")]
    [InlineData("orders")]
    public async Task ThePlatformsMetrics_GoToTheProgramsMeters(string name)
    {
        await using var upstream =
            await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = ClientHost.Create(services => InOrder(
            policyFirst: true, services,
            handler => handler.SslOptions = name == "free" ? Trusting() : handler.SslOptions));
        var program = clients.Services.GetRequiredService<IMeterFactory>();
        var scopes = new List<object?>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "http.client.request.duration" && instrument.Meter.Scope == program)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<double>((instrument, _, _, _) => scopes.Add(instrument.Meter.Scope));
        meters.Start();

        await clients[name].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Same(program, Assert.Single(scopes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AReplacementForTests_ComesAfterAllFilters(bool policyFirst)
    {
        await using var clients = ClientHost.Create(services =>
        {
            InOrder(policyFirst, services, _ => { });
            services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new ReplacingFilter());
            services.AddHttpClient("orders").DangerousReplaceOutboundTls(() => new Answering());
        });

        Assert.Equal("fake", await clients["orders"].GetStringAsync("https://orders.example/", Deadline.Token()));
    }

    [Fact]
    public async Task AHandlerThatSetsItsInnerHandlerLater_WorksWithoutAPolicy()
    {
        await using var clients = ClientHost.Create(services =>
        {
            InOrder(policyFirst: true, services, _ => { });
            services.AddHttpClient("free").ConfigurePrimaryHttpMessageHandler(() => new Lazily());
        });

        Assert.Equal("fake", await clients["free"].GetStringAsync("https://free.example/", Deadline.Token()));
    }

    private static System.Net.Security.SslClientAuthenticationOptions Trusting() => new()
    {
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == Pki.EcServer.Subject,
    };

    /// <summary>Every client may come under a policy; <c>orders</c> has one.</summary>
    private static void InOrder(bool policyFirst, IServiceCollection services, Action<SocketsHttpHandler> set)
    {
        if (!policyFirst)
        {
            AddFilter();
        }

        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting())));
        services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        if (policyFirst)
        {
            AddFilter();
        }

        void AddFilter() => services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new SettingFilter(set));
    }

    private sealed class Answering : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent("fake") });
    }

    private sealed class Lazily : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            InnerHandler ??= new Answering();
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class ReplacingFilter : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.PrimaryHandler = new SocketsHttpHandler();
        };
    }

    private sealed class SettingFilter(Action<SocketsHttpHandler> set) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            if (builder.PrimaryHandler is SocketsHttpHandler handler)
            {
                set(handler);
            }
        };
    }
}
