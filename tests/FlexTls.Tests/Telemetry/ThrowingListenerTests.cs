using System.Diagnostics;
using System.Diagnostics.Metrics;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Telemetry;

/// <summary>Listeners that throw: nothing depends on what they hear.</summary>
public class ThrowingListenerTests
{
    // Listeners hear of all tests of the process.
    private static readonly AsyncLocal<bool> IsMine = new();

    [Fact]
    public async Task ListenersThatThrow_CostNeitherTheLoad_NorARequest_NorAReload_NorTheReasonOfAFailure()
    {
        using var files = new PolicyFiles();
        files.Write("orders");
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var stranger = await HttpUpstream.StartAsync(
            Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());
        IsMine.Value = true;
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "FlexTls",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _ => Throw(),
            ActivityStopped = _ => Throw(),
        };
        ActivitySource.AddActivityListener(activities);
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "FlexTls")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, _, _, _) => Throw());
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => Throw());
        meters.Start();
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicyFile(files.Pattern).ReloadOnChange = false);
            services.AddHttpClient("orders").AddOutboundTls();
        });
        var manager = clients.Services.GetRequiredService<IOutboundTlsManager>();

        Assert.NotEmpty(await clients["orders"].GetStringAsync(server.Address, Deadline.Token()));

        files.Write("orders", config: "minversion: \"1.3\"");
        await manager.ReloadAsync(Deadline.Token());
        Assert.Equal(2, Assert.Single(manager.GetStatus().Upstreams).Generation);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(
            () => clients["orders"].GetStringAsync(stranger.Address, Deadline.Token()));
        Assert.IsType<TlsHandshakeException>(failed.InnerException);
        Assert.Single(Assert.Single(manager.GetStatus().Upstreams).Failures);
        Assert.Null(Activity.Current);
    }

    private static void Throw()
    {
        if (IsMine.Value)
        {
            throw new InvalidOperationException("a listener that fails");
        }
    }
}
