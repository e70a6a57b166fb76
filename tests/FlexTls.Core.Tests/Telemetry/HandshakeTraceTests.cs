using System.Collections.Concurrent;
using System.Diagnostics;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Telemetry;

/// <summary>Handshakes in traces.</summary>
public sealed class HandshakeTraceTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private readonly string _name = $"{Guid.NewGuid():N}";

    public HandshakeTraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "FlexTls",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("flextls.upstream") as string == _name)
                {
                    _ended.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task AHandshake_IsAChildOfTheCallersActivity()
    {
        await using var server = LoopbackServer.Start(Pki.EcServer);
        using var caller = new Activity("caller").Start();

        await using var stream = await Pki.Context(Pki.Trusting(), _name)
            .ConnectAsync(server.EndPoint(), Deadline.Token());

        Assert.Same(caller, Activity.Current);
        var activity = Assert.Single(_ended);
        Assert.Equal(caller.SpanId, activity.ParentSpanId);
        Assert.Equal("TLS handshake localhost", activity.DisplayName);
        Assert.Equal(ActivityKind.Client, activity.Kind);
        Assert.Equal(ActivityStatusCode.Unset, activity.Status);
        Assert.Equal("localhost", activity.GetTagItem("server.address"));
        Assert.Equal("1.3", activity.GetTagItem("tls.protocol.version"));
        Assert.Equal(stream.NegotiatedCipherSuite.ToString(), activity.GetTagItem("tls.cipher"));
        Assert.Equal(false, activity.GetTagItem("tls.resumed"));
    }

    [Fact]
    public async Task AFailure_IsAnError_WithItsCode()
    {
        await using var server = LoopbackServer.Start(Pki.EcServer);

        var failure = await Assert.ThrowsAsync<TlsHandshakeException>(async () =>
            await Pki.Context(Pki.Trusting(Pki.Foreign), _name).ConnectAsync(server.EndPoint(), Deadline.Token()));

        var activity = Assert.Single(_ended);
        Assert.Equal(ActivityStatusCode.Error, activity.Status);
        Assert.Equal(failure.Message, activity.StatusDescription);
        Assert.Equal(failure.Code, activity.GetTagItem("error.type"));
    }

    [Fact]
    public void TheLookAtTheClientHello_IsInNoTrace()
    {
        var seen = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Experimental.System.Net.Security",
            // As the SDK of OpenTelemetry samples by default: a root is recorded, and so is what is under one that is.
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent == default || options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                    ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = activity => seen.Enqueue(activity.DisplayName),
        };
        ActivitySource.AddActivityListener(listener);
        using var around = new Activity("around").Start();

        var hello = ClientHelloProbe.Read(TlsVersion.Tls13, suites: null);

        Assert.NotEmpty(hello.CipherSuites);
        Assert.Same(around, Activity.Current);
        Assert.DoesNotContain(seen, name => name.Contains("probe", StringComparison.Ordinal));
    }
}
