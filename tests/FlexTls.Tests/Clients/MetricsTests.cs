using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Clients;

/// <summary>The platform's metrics of HTTP clients are those of the services, behind our handler too.</summary>
public class MetricsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Requests_AreMeasuredByTheMetersOfTheServices(bool isUnderPolicy)
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
                if (ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measured.Enqueue((instrument.Name, Server(tags))));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => measured.Enqueue((instrument.Name, Server(tags))));
        listener.Start();

        await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Contains(("http.client.request.duration", "localhost"), measured);
        Assert.Contains(("http.client.active_requests", "localhost"), measured);
        Assert.Contains(("http.client.open_connections", "localhost"), measured);
    }

    [Fact]
    public async Task TheMetersOfTheServices_ReachTheHandler()
    {
        await using var clients = ClientHost.Under(Pki.Trusting());

        Assert.Same(clients.Services.GetRequiredService<IMeterFactory>(), ClientHandler.SocketsOf(clients).MeterFactory);
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
