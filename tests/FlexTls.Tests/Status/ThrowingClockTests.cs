using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Status;

/// <summary>A clock that throws ends no process: timers have nobody who would catch that.</summary>
public class ThrowingClockTests
{
    [Fact]
    public void LookingAtCertificates_GoesOnWithTheNextHour()
    {
        var (clock, log) = (new Clock(), new RecordingLogger());
        var generation = new UpstreamGeneration(
            1, new TlsContextFactory().CreateGeneration(OutboundTlsPolicy.Default, "orders"), clock.GetUtcNow());
        using var expiry = new UpstreamExpiry("orders", clock, new ExpiryThresholds([], 0), log);
        expiry.Adopt(generation);

        clock.Throws = true;
        clock.Advance(TimeSpan.FromHours(1));
        clock.Throws = false;
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Single(log.Lines, line => line.Text.Contains("Checking the certificates", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnUpstreamThatIsAdded_IsInUse_AlsoIfTheClockHasNoTimers()
    {
        var clock = new Clock();
        var registration = new OutboundTlsRegistration();
        var context = new TlsContextFactory().Create(OutboundTlsPolicy.Default, "orders");
        await using var host = ClientHost.Create(_ => { });
        using var watch = new ExpiryWatch(registration, new ProgramTelemetry(host.Services), clock);
        var table = new UpstreamTable();
        table.Observe(watch);

        clock.HasNoTimers = true;
        table.Add([(UpstreamKey.TryParse("orders")!, ContextUpstreams.Of(context))]);

        Assert.NotNull(table.FindService("orders", out _));
    }

    [Fact]
    public async Task AReplacement_ThatGetsNoTimers_ChangesNothing()
    {
        var clock = new Clock();
        await using var clients = ClientHost.Create(services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default).ReloadOnChange = false);
            services.AddHttpClient("orders").AddOutboundTls();
        });
        _ = clients["orders"];
        var upstream = clients.Services.GetRequiredService<UpstreamRegistry>().Clients.Find("orders")!;
        var before = upstream.Current;
        var policy = OutboundTlsPolicy.Create(new OutboundTlsOptions { MinVersion = TlsVersion.Tls13 });
        var next = new TlsContextFactory().CreateGeneration(policy, "orders");
        var source = new RegisteredPolicy(policy, "a test", new Place(""));

        clock.HasNoTimers = true;
        Assert.Throws<InvalidOperationException>(() => upstream.Replace(next, source));
        Assert.Same(before, upstream.Current);
        Assert.Equal(OutboundTlsPolicy.Default, upstream.Context.Policy);
        clock.HasNoTimers = false;
        upstream.Replace(next, source);

        Assert.Equal(2, upstream.Current.Number);
    }

    /// <summary>The generation ends as ever: its timers run when its pools close, and at its deadline.</summary>
    [Fact]
    public async Task ADrainedGeneration_WhoseTimersCannotBeDisposedOf_Ends()
    {
        var (clock, hasCome) = (new ThrowingTimers(), new TaskCompletionSource());
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer)
            {
                Respond = context =>
                {
                    hasCome.SetResult();
                    return Task.Delay(Timeout.Infinite, context.RequestAborted);
                },
            },
            Deadline.Token());
        await using var clients = ClientHost.Create(services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.AddOutboundTls(
                tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting())).ReloadOnChange = false);
            services.AddHttpClient("orders").AddOutboundTls();
        });
        var request = clients["orders"].GetAsync(server.Address, Deadline.Token());
        await hasCome.Task.WaitAsync(Deadline.Token());
        var upstream = clients.Services.GetRequiredService<UpstreamRegistry>().Clients.Find("orders")!;
        var policy = OutboundTlsPolicy.Create(Pki.Trusting());
        upstream.Replace(
            new TlsContextFactory(clock).CreateGeneration(policy, "orders"),
            new RegisteredPolicy(policy, "a test", new Place("")));

        clock.Throws = true;
        for (var i = 0; i < 30; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => request);
        Assert.Equal(0, upstream.DrainingConnections);
        clock.Throws = false;
    }

    private sealed class Clock() : FakeTimeProvider(DateTimeOffset.UtcNow)
    {
        public bool Throws { get; set; }

        public bool HasNoTimers { get; set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            HasNoTimers ? throw new InvalidOperationException("There are no timers.")
            : base.CreateTimer(callback, state, dueTime, period);

        public override DateTimeOffset GetUtcNow() =>
            Throws ? throw new InvalidOperationException("The clock stands still.") : base.GetUtcNow();
    }
}
