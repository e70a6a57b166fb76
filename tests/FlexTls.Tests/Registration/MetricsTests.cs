using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Registration;

/// <summary>The platform's metrics of HTTP clients are those of the services, behind our handler too.</summary>
public class MetricsTests
{
    [Fact]
    public async Task Requests_AreMeasuredByTheMetersOfTheServices_AsWithoutPolicy()
    {
        var measured = await MeasureAsync(isUnderPolicy: true);

        Assert.Contains(("http.client.request.duration", "localhost"), measured);
        Assert.Equal(await MeasureAsync(isUnderPolicy: false), measured);
    }

    [Fact]
    public async Task TheMetersOfTheServices_ReachTheHandler()
    {
        await using var clients = ClientHost.Under(Pki.Trusting());

        Assert.Same(
            clients.Services.GetRequiredService<IMeterFactory>(),
            ClientHandler.SocketsOf(clients).MeterFactory!.Create("a meter").Scope);
    }

    [Fact]
    public async Task AHandlerThatSeveralHostsShare_WorksInEach()
    {
        await using var upstream = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        using var shared = new SocketsHttpHandler();
        for (var i = 0; i < 2; i++)
        {
            await using var clients = ClientHost.Create(services =>
            {
                services.AddMetrics();
                services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => shared)
                    .AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
            });

            Assert.NotEmpty(await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token()));
        }
    }

    /// <summary>What one request is measured by, each kind once.</summary>
    private static async Task<(string Instrument, string? Server)[]> MeasureAsync(bool isUnderPolicy)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer) { IsPlain = !isUnderPolicy }, Deadline.Token());
        await using var clients = ClientHost.Create(services =>
        {
            services.AddMetrics();
            var client = services.AddHttpClient("orders");
            if (isUnderPolicy)
            {
                client.AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
            }
        });
        var factory = clients.Services.GetRequiredService<IMeterFactory>();
        var measured = new ConcurrentQueue<(string Instrument, string? Server)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "System.Net.Http" && ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measured.Enqueue((instrument.Name, Server(tags))));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => measured.Enqueue((instrument.Name, Server(tags))));
        listener.Start();

        await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        return [.. measured.Distinct().Order()];
    }

    private static string? Server(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (key, value) in tags)
        {
            if (key == "server.address")
            {
                return value as string;
            }
        }

        return null;
    }
}
