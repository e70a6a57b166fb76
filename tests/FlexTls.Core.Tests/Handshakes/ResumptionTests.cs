using System.Security.Authentication;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>
/// A server that has negotiated TLS 1.3 is offered TLS 1.3 alone, and its sessions are resumed.
/// </summary>
public class ResumptionTests : SessionTests
{
    [Theory]
    [InlineData(KeyKind.EcP256)]
    [InlineData(KeyKind.Rsa2048)]
    public async Task ConnectAsync_LearnsThatAServerSpeaksTls13_AndResumes(KeyKind key)
    {
        await using var server = await StartAsync(Issue(key), null);
        var context = Pki.Context(Trusting());

        Assert.True(context.Effective.ResumesSessions);
        Assert.Equal("full, full, resumed, resumed", await ConnectAsync(context, server, 4));
    }

    [Fact]
    public async Task ConnectAsync_WithAClientCertificate_ResumesWhatWasMutual()
    {
        await using var server = await StartAsync(Issue(), "-Verify");
        var context = Pki.Context(MutualTls());

        Assert.Equal("full, full, resumed", await ConnectAsync(context, server, 3));
    }

    [Fact]
    public async Task ConnectAsync_WithAClientCertificate_NeverResumesWhatWasNotMutual()
    {
        await using var server = await StartAsync(Issue(), null);
        var context = Pki.Context(MutualTls());

        Assert.Equal("full, full, full", await ConnectAsync(context, server, 3));
    }

    [Fact]
    public async Task ConnectAsync_WithACertificateThatTheServersAlgorithmsCannotUse_NeverResumes()
    {
        // The platform says that the connection is mutual, and sends an empty certificate message.
        await using var server = await StartAsync(Issue(), "-verify", "-client_sigalgs", "rsa_pss_rsae_sha256");
        var context = Pki.Context(MutualTls());

        Assert.Equal("full, full, full", await ConnectAsync(context, server, 3));
    }

    [Fact]
    public async Task ConnectAsync_WithACertificateUnderAnIntermediate_IsInFull_BecauseServersMayBuildItsChainAgain()
    {
        await using var server = await StartAsync(Issue(), "-Verify");
        var client = Pki.Intermediate.IssueClient();
        var options = Trusting();
        options.Certificate = new CertificateOptions
        {
            Key = client.KeyPem(),
            Crt = client.ChainPem(Pki.Intermediate.Certificate),
        };
        var context = Pki.Context(options);

        Assert.False(context.Effective.ResumesSessions);
        Assert.Equal("full, full, full", await ConnectAsync(context, server, 3));
    }

    [Fact]
    public async Task ConnectAsync_ToAServerThatIgnoresOffersOfTls13Alone_OffersEverythingTheNextTime()
    {
        await using var before = LoopbackServer.Start(Issue());
        await using var after = LoopbackServer.Start(
            new LoopbackServerOptions(Issue()) { Versions = SslProtocols.Tls12 });
        await using var port = new PortForwarder(before.Port);
        var context = Pki.Context(Trusting());
        Assert.Equal("full, full", await EchoAsync(context, port, 2));
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        port.SwitchTo(((System.Net.IPEndPoint)silent.LocalEndpoint).Port);
        using var canceled = new CancellationTokenSource();
        var waiting = context.ConnectAsync(new("localhost", port.Port), canceled.Token).AsTask();
        using (var accepted = await silent.AcceptTcpClientAsync(Deadline.Token()))
        {
            await accepted.GetStream().ReadExactlyAsync(new byte[1], Deadline.Token());
            await canceled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        port.SwitchTo(after.Port);

        Assert.Equal("full", await EchoAsync(context, port, 1));
        Assert.Equal(2 + 1 + 1, port.Connections);
    }

    [Fact]
    public async Task ConnectAsync_WithoutValidation_NeverResumes()
    {
        await using var server = await StartAsync(Issue(), null);
        var context = Pki.Context(new() { DangerousSkipValidation = true, Extensions = new() { ServerName = Name } });

        Assert.False(context.Effective.ResumesSessions);
        Assert.Equal("full, full, full", await ConnectAsync(context, server, 3));
    }

    [Fact]
    public async Task ConnectAsync_AfterARequestForAnotherHello_Resumes()
    {
        await using var server = await StartAsync(Issue(), null, "-groups", "secp384r1");
        var context = Pki.Context(Trusting());

        await using (var stream = (UpstreamStream)await context.ConnectAsync(
            new("localhost", server.Port), Deadline.Token()))
        {
            Assert.Equal(new ServerHello(false, 24), stream.Outcome.Hello);
            await NextAsync(server);
        }

        Assert.Equal("full, resumed", await ConnectAsync(context, server, 2));
    }

    [Fact]
    public async Task ConnectAsync_WhereTheServerIsReplacedByOneOfTls12_OffersEverythingAgain_InTheSameCall()
    {
        await using var before = LoopbackServer.Start(Issue());
        await using var after = LoopbackServer.Start(
            new LoopbackServerOptions(Issue()) { Versions = SslProtocols.Tls12 });
        await using var port = new PortForwarder(before.Port);
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var context = Pki.Context(Trusting(), clock: clock);
        Assert.Equal("full, full, resumed", await EchoAsync(context, port, 3));

        port.SwitchTo(after.Port);

        Assert.Equal("full", await EchoAsync(context, port, 1));
        Assert.Equal(3 + 2, port.Connections);
        Assert.Equal("full, full", await EchoAsync(context, port, 2));
        Assert.Equal(3 + 2 + 2, port.Connections);
    }

    [Fact]
    public async Task ConnectAsync_ThroughABalancer_WithServersOfBothVersions_FailsOneAttemptAnHour()
    {
        await using var newer = LoopbackServer.Start(Issue());
        await using var older = LoopbackServer.Start(
            new LoopbackServerOptions(Issue()) { Versions = SslProtocols.Tls12 });
        await using var port = new PortForwarder(newer.Port, older.Port);
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var context = Pki.Context(Trusting(), clock: clock);

        // The second connection offers TLS 1.3 alone, which the older server refuses.
        await EchoAsync(context, port, 20);
        Assert.Equal(20 + 1, port.Connections);

        clock.Advance(TimeSpan.FromHours(1));
        await EchoAsync(context, port, 20);
        Assert.Equal(20 + 1 + 20 + 1, port.Connections);
    }

    [Fact]
    public async Task ConnectAsync_WhereServerAndPolicyMoveToAnotherCA_IsTriedOnceMoreInFull()
    {
        var other = TestCA.Root("CN=Next Root");
        await using var before = LoopbackServer.Start(Issue());
        await using var port = new PortForwarder(before.Port);
        var context = Pki.Context(Trusting());
        Assert.Equal("full, full, resumed", await EchoAsync(context, port, 3));
        var options = Trusting();
        options.TrustedCA = other.Pem;
        var next = Pki.Context(options);
        await using var after = LoopbackServer.Start(other.IssueServer(Name));
        port.SwitchTo(after.Port);
        Assert.Equal("full", await EchoAsync(next, port, 1));

        // The session that the platform still has is resumed by the server before, whose certificate it shows.
        port.SwitchTo(before.Port, after.Port);

        Assert.Equal("full", await EchoAsync(next, port, 1));
        Assert.Equal(3 + 1 + 2, port.Connections);
    }

    [Fact]
    public async Task ConnectAsync_WhereTheServerStopsAskingForTheCertificate_ResumesNoMore()
    {
        await using var asking = LoopbackServer.Start(
            new LoopbackServerOptions(Issue()) { AsksForClientCertificate = true });
        await using var other = LoopbackServer.Start(Issue());
        await using var port = new PortForwarder(asking.Port);
        var context = Pki.Context(MutualTls());
        Assert.Equal("full, full, resumed", await EchoAsync(context, port, 3));

        port.SwitchTo(other.Port);

        Assert.Equal("full, full, full", await EchoAsync(context, port, 3));
        Assert.Equal(3 + 3, port.Connections);
    }
}
