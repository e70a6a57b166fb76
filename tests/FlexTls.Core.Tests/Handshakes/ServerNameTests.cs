using System.Net.Security;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary><c>extensions.serverName</c> is sent and verified instead of the host that is connected.</summary>
public class ServerNameTests
{
    [Fact]
    public async Task ConnectAsync_SendsAndVerifiesTheName()
    {
        var context = Named(Pki.Host.ToUpperInvariant());
        await using var server = LoopbackServer.Start(Pki.Root.IssueServer(Pki.Host));

        await using (var stream = await context.ConnectAsync(server.EndPoint("127.0.0.1"), Deadline.Token()))
        {
            Assert.True(stream.IsAuthenticated);
        }

        Assert.Equal(Pki.Host, (await server.NextAsync(Deadline.Token())).ServerName);
    }

    [Fact]
    public async Task ConnectAsync_ToAServerOfTheHostAlone_IsRefused()
    {
        var context = Named("billing.example");
        await using var server = LoopbackServer.Start(Pki.Root.IssueServer("localhost"));

        var failed = await Assert.ThrowsAsync<TlsHandshakeException>(async () => await context.ConnectAsync(server.EndPoint(), Deadline.Token()));

        Assert.Equal(("FTLS5021", "billing.example"), (failed.Code, failed.TargetHost));
    }

    [Fact]
    public async Task CreateClientOptions_HasTheName()
    {
        var context = Named(Pki.Host);
        await using var server = LoopbackServer.Start(Pki.Root.IssueServer(Pki.Host));
        await using var stream = new SslStream(await Loopback.ConnectAsync(server.Port, Deadline.Token()));

        await stream.AuthenticateAsClientAsync(context.CreateClientOptions("10.1.2.3"), Deadline.Token());
        await stream.DisposeAsync();

        Assert.Equal(Pki.Host, (await server.NextAsync(Deadline.Token())).ServerName);
    }

    [Fact]
    public void CreateClientOptions_ForNoHostName_IsStillRefused()
    {
        var context = Named(Pki.Host);

        Assert.Equal("targetHost", Assert.Throws<ArgumentException>(() => context.CreateClientOptions("no host")).ParamName);
    }

    [Fact]
    public void ValidateServerCertificate_JudgesByTheName()
    {
        var context = Named("billing.example");

        Assert.True(context.ValidateServerCertificate(Pki.Root.IssueServer("billing.example"), [], "localhost").IsValid);
        Assert.Equal("FTLS5021", context.ValidateServerCertificate(Pki.EcServer, [], "localhost").Failures.Single().Code);
    }

    [Fact]
    public void Effective_ShowsTheName()
    {
        var context = Named("billing.example");

        Assert.Equal("billing.example", context.Effective.ServerName);
        Assert.Contains("server name: billing.example", context.Effective.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void PoliciesOfDifferentNames_AreDifferent()
    {
        Assert.Equal(Policy("billing.example"), Policy("Billing.example."));
        Assert.NotEqual(Policy("billing.example"), Policy("orders.example"));
        Assert.NotEqual(Policy("billing.example"), OutboundTlsPolicy.Create(Pki.Trusting()));
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("::1")]
    [InlineData("no name")]
    [InlineData("a..b")]
    public void ATextThatIsNoDnsName_IsAnError(string name)
    {
        var options = Pki.Trusting();
        options.Extensions = new OutboundTlsExtensionOptions { ServerName = name };

        var fault = Findings.Refused(options, "E:FTLS2024").Single();
        Assert.StartsWith($"Extensions.ServerName is '{name}'", fault.Message, StringComparison.Ordinal);
    }

    private static OutboundTlsContext Named(string name) => new TlsContextFactory().Create(Policy(name));

    private static OutboundTlsPolicy Policy(string name)
    {
        var options = Pki.Trusting();
        options.Extensions = new OutboundTlsExtensionOptions { ServerName = name };
        return OutboundTlsPolicy.Create(options);
    }
}
