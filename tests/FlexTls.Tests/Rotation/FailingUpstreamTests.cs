using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>Whether an upstream is failing is a matter of the generation in force.</summary>
public class FailingUpstreamTests
{
    [Fact]
    public async Task AFailure_Counts_UntilAConnectionSucceeds_OrThePolicyIsReplaced()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var stranger = await HttpUpstream.StartAsync(
            Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        Assert.False(IsFailing(rotation));

        await FailAsync(rotation, stranger);
        Assert.True(IsFailing(rotation));

        await rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        Assert.False(IsFailing(rotation));

        rotation.PassGrace();
        await FailAsync(rotation, stranger);
        Assert.True(IsFailing(rotation));

        rotation.PassGrace();
        rotation.Swap(Identities.Policy(2));
        Assert.False(IsFailing(rotation));

        await FailAsync(rotation, stranger);
        Assert.True(IsFailing(rotation));
    }

    [Fact]
    public async Task AHandshakeOfCode_IsNotAConnectionOfAClient()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var stranger = await HttpUpstream.StartAsync(
            Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());
        await using var host = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.MutualTls())));
            services.AddHttpClient("orders").AddOutboundTls();
        });
        await Assert.ThrowsAsync<HttpRequestException>(
            () => host["orders"].GetStringAsync(stranger.Address, Deadline.Token()));

        var context = host.Services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders");
        await using var stream = await context.ConnectAsync("localhost", server.Address.Port, Deadline.Token());

        var status = host.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single();
        Assert.True(status.IsFailing);
        Assert.NotNull(status.LastHandshake);
    }

    [Fact]
    public void AnAnswerOnAnOlderConnection_SaysNothingOfNewOnes()
    {
        var history = new ConnectionHistory(TimeProvider.System);
        var (old, _) = (history.Begin(), history.Begin());
        history.Failed("FTLS6001", "refused", isOfUpstream: true);

        history.Accepted(old);
        history.Succeeded("localhost", old, isAccepted: true);
        Assert.Equal("FTLS6001", history.FailingCode);

        history.Accepted(history.Begin());
        Assert.Null(history.FailingCode);
    }

    [Fact]
    public void AFailureOfAnOlderConnection_SaysNothingOfNewerOnes()
    {
        var history = new ConnectionHistory(TimeProvider.System);
        var (old, young) = (history.Begin(), history.Begin());
        history.Accepted(young);

        history.Failed("FTLS6009", "given up", isOfUpstream: true, old);
        Assert.Null(history.FailingCode);

        history.Failed("FTLS6001", "refused", isOfUpstream: true, history.Begin());
        history.Failed("FTLS6009", "given up", isOfUpstream: true, young);
        Assert.Equal("FTLS6001", history.FailingCode);
    }

    [Fact]
    public void TheOrderOfConnectionsCounts_AlsoIfTheClockIsSetBack()
    {
        var clock = new AdjustableTime();
        var history = new ConnectionHistory(clock);

        history.Succeeded("localhost", history.Begin(), isAccepted: true);
        history.Failed("FTLS6020", "a plain request", isOfUpstream: false);
        Assert.False(history.FailingCode is not null);

        clock.Now -= TimeSpan.FromHours(1);
        history.Failed("FTLS5003", "refused", isOfUpstream: true, history.Begin());

        Assert.True(history.FailingCode is not null);
    }

    private sealed class AdjustableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private static bool IsFailing(RotatingUpstream rotation) => rotation.Host.Services
        .GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single().IsFailing;

    private static async Task FailAsync(RotatingUpstream rotation, HttpUpstream stranger) =>
        await Assert.ThrowsAsync<HttpRequestException>(
            () => rotation.Client.GetStringAsync(stranger.Address, Deadline.Token()));
}
