using System.Net;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>A handler presents its certificate through a proxy only to servers that its own generation has validated.</summary>
public class TunnelTrustTests
{
    [Fact]
    public async Task APolicyThatSkipsValidation_LeavesAServerToTheGenerationWhoseCertificateIsPresented()
    {
        // The certificate is another CA's, and for another name.
        await using var stranger = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Foreign.IssueServer("stranger.example")), Deadline.Token());
        var options = Identities.Policy(2);
        options.DangerousSkipValidation = true;

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => SwapWhileTheTunnelWaitsAsync(stranger, Identities.Policy(1), options));

        Assert.Equal("FTLS5003", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Empty(stranger.Requests);
    }

    [Fact]
    public async Task APolicyThatSkipsValidation_LeavesAServerToItsOwnGeneration_WithoutACertificateToo()
    {
        await using var stranger = await HttpUpstream.StartAsync(Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());
        var options = Pki.Trusting();
        options.DangerousSkipValidation = true;

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => SwapWhileTheTunnelWaitsAsync(stranger, Pki.Trusting(), options));

        Assert.Equal("FTLS5003", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Empty(stranger.Requests);
    }

    [Fact]
    public async Task APolicyWithAnotherCA_DoesNotPresentTheCertificateOfTheOneBefore()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());
        var options = Identities.Policy(2);
        options.TrustedCA = Pki.Foreign.Pem;

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => SwapWhileTheTunnelWaitsAsync(server, Identities.Policy(1), options));

        Assert.Equal("FTLS5003", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task WhereNothingIsPresented_ThePolicyInForceDecides()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());

        await SwapWhileTheTunnelWaitsAsync(server, Pki.Trusting(), Pki.Trusting(Pki.Foreign));

        Assert.Null(Assert.Single(server.Requests).ClientCertificate);
    }

    [Fact]
    public async Task AServerThatBothAccept_IsPresentedTheCertificateOfTheHandler()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());

        await SwapWhileTheTunnelWaitsAsync(server, Identities.Policy(1), Identities.Policy(2));

        Assert.Equal(Identities.Subject(1), Assert.Single(server.Requests).ClientCertificate);
    }

    private static async Task SwapWhileTheTunnelWaitsAsync(HttpUpstream server, OutboundTlsOptions before, OutboundTlsOptions after)
    {
        var gate = new Gate();
        await using var proxy = RecordingProxy.Start(refuses: _ =>
        {
            gate.PassAsync().GetAwaiter().GetResult();
            return false;
        });
        await using var rotation = RotatingUpstream.Under(before, client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await gate.ArrivalAsync();

        rotation.Swap(after);
        gate.Open();

        await answer;
    }
}
