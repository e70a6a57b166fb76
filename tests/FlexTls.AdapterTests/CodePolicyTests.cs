using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>Policies that code writes, with the services of the program.</summary>
public class CodePolicyTests
{
    private readonly Settings _settings = new() { MinVersion = TlsVersion.Tls12 };

    [Fact]
    public async Task ReloadAsync_RunsTheCodeAgain()
    {
        await using var services = Start();
        Assert.Equal(TlsVersion.Tls12, services.Contexts.GetContext("orders").Effective.MinVersion);

        _settings.MinVersion = TlsVersion.Tls13;
        Assert.Empty(await services.ReloadAsync());

        var orders = services.Of("orders");
        Assert.Equal((2, TlsVersion.Tls13), (orders.Generation, orders.Settings.MinVersion));
    }

    [Fact]
    public async Task CodeThatThrows_IsTheCallersAtStart_AndAFaultLater()
    {
        await using var first = Start();
        _settings.Failure = new InvalidOperationException("a secret");
        Assert.Same(_settings.Failure, Assert.Throws<InvalidOperationException>(() => first.Status));
        _settings.Failure = null;
        await using var services = Start();
        Assert.Single(services.Status.Upstreams);

        _settings.Failure = new InvalidOperationException("a secret");
        var fault = Assert.Single(await services.ReloadAsync());

        Assert.Equal(
            ("FTLS7025", "upstream 'orders': the code that writes the policy failed (InvalidOperationException)."),
            (fault.Code, fault.Message));
        Assert.Equal(UpstreamTlsState.Degraded, services.Of("orders").State);
        _settings.Failure = null;
        Assert.Empty(await services.ReloadAsync());
        Assert.Equal((1, UpstreamTlsState.UpToDate), (services.Of("orders").Generation, services.Of("orders").State));
    }

    [Fact]
    public async Task CodeThatHangs_IsAFaultAfterThirtySeconds()
    {
        var clock = new FakeTimeProvider();
        using var answers = new ManualResetEventSlim(initialState: true);
        await using var services = new Provided(
            tls =>
            {
                tls.AddPolicy("orders", (_, _) => answers.Wait());
                tls.ReloadOnChange = false;
            },
            clock);
        Assert.Single(services.Status.Upstreams);

        answers.Reset();
        var reload = Task.Run(services.ReloadAsync);
        await Deadline.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return reload.IsCompleted;
        });
        answers.Set();

        Assert.Equal(
            "upstream 'orders': the code that writes the policy does not answer within 30 s.",
            Assert.Single(await reload).Message);
        Assert.Equal((1, UpstreamTlsState.Degraded), (services.Of("orders").Generation, services.Of("orders").State));
    }

    [Fact]
    public async Task AClientsPolicy_IsWrittenWithServicesToo()
    {
        var services = new ServiceCollection().AddSingleton(_settings);
        services.AddHttpClient("orders").AddOutboundTls(Settings.Apply);
        await using var provider = services.BuildServiceProvider();
        var manager = provider.GetRequiredService<IOutboundTlsManager>();
        Assert.Equal(TlsVersion.Tls12, Assert.Single(manager.GetStatus().Upstreams).Settings.MinVersion);

        _settings.MinVersion = TlsVersion.Tls13;
        await manager.ReloadAsync(Deadline.Token());

        Assert.Equal(TlsVersion.Tls13, Assert.Single(manager.GetStatus().Upstreams).Settings.MinVersion);
    }

    [Fact]
    public async Task TwoProvidersOfTheSameServices_HaveEachTheirOwnPolicy()
    {
        var written = 0;
        var services = new ServiceCollection().AddOutboundTls(tls => tls.AddPolicy("orders", (_, options) =>
            options.MinVersion = ++written == 1 ? TlsVersion.Tls12 : TlsVersion.Tls13));
        await using var first = services.BuildServiceProvider();
        await using var second = services.BuildServiceProvider();

        var versions = new[] { first, second }.Select(provider => provider
            .GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders").Effective.MinVersion);

        Assert.Equal([TlsVersion.Tls12, TlsVersion.Tls13], versions.ToList());
    }

    private Provided Start() => new(tls => tls.AddPolicy("orders", Settings.Apply), _settings);

    private sealed class Settings
    {
        public required TlsVersion MinVersion { get; set; }

        public Exception? Failure { get; set; }

        public static void Apply(IServiceProvider services, OutboundTlsOptions options)
        {
            var settings = services.GetRequiredService<Settings>();
            options.MinVersion = settings.Failure is null ? settings.MinVersion : throw settings.Failure;
        }
    }
}
