using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using FlexTls.Http;
using FlexTls.Rotation;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Telemetry;

/// <summary>A handshake that FlexTls gives up, because the policy was replaced, is not the server's failure.</summary>
public class ReplacedHandshakeTests
{
    [Fact]
    public async Task AHandshakeThatBeginsAnew_IsNoFailure()
    {
        var (gate, measured, activities) = (new Gate(), new ConcurrentQueue<string>(), new ConcurrentQueue<Activity>());
        using var listening = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "FlexTls",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listening);
        await using var server = new SecureServer(SecureServer.AnswerAllAsync)
        {
            BeforeTls = async (transport, number) =>
            {
                if (number == 1)
                {
                    // A connection that has not begun its handshake takes up the new policy, and needs no other.
                    await Deadline.UntilAsync(() => transport.DataAvailable);
                    await gate.PassAsync();
                }

                return true;
            },
        };
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, "http/1.1"));
        using var meters = Listen(rotation, measured);
        using var work = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
        var request = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, "http/1.1"));

        Assert.Equal("ok", await request);
        Assert.Empty(measured);
        var handshakes = activities.Where(one => one.TraceId == work.TraceId).ToList();
        Assert.Equal(2, handshakes.Count);
        Assert.All(handshakes, one => Assert.Equal(ActivityStatusCode.Unset, one.Status));
        Assert.Single(handshakes[0].Events);
        gate.Open();
    }

    /// <summary>The failures of the program's own meter; the policies of the test itself have another.</summary>
    private static MeterListener Listen(RotatingUpstream rotation, ConcurrentQueue<string> measured)
    {
        var factory = rotation.Host.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory)
                    && instrument.Name == "flextls.handshake.duration")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => measured.Enqueue(
            tags.ToArray().FirstOrDefault(tag => tag.Key == "error.type").Value as string ?? ""));
        listener.Start();
        return listener;
    }
}
