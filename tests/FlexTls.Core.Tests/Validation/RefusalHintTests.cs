using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Validation;

/// <summary>The likeliest cause comes first, and the same one whatever the server runs on.</summary>
public class RefusalHintTests
{
    private const string Hint = "if this is the right server, add its CA to trustedCA; or let the server send its intermediate certificates (they are never downloaded)";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AForeignCA_OfAServerThatSendsItsLeafAlone(bool isOpenSsl)
    {
        var failed = await FailAsync(Pki.Foreign.IssueServer("localhost"), "localhost", isOpenSsl);

        Assert.Equal(("FTLS5003", Hint), (failed.Code, failed.Hint));
        Assert.EndsWith("the server's certificate is refused: the CA is not trusted, or an intermediate is missing.", failed.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            $"the server sent only its own certificate, and the issuer '{Pki.Foreign.Certificate.Subject}' of ",
            failed.ServerCertificate!.Failures[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACertificateThatIsNoIssuer_IsNotForgotten()
    {
        var server = Pki.Foreign.IssueServer(Pki.Host);

        var message = Verdict.Of([Pki.Root.Certificate], server, Pki.Intermediate.Certificate).Failures[0].Message;

        Assert.StartsWith($"the issuer '{Pki.Foreign.Certificate.Subject}' of ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherName_IsToldByWhereTheNameComesFrom()
    {
        var options = Pki.Trusting();
        var server = Pki.Root.IssueServer("billing.example");
        Assert.Equal(
            "connect by a name that it has, set serverName (under extensions) to one, "
                + "or reissue it with dNSName orders.example",
            Hint("orders.example", isUpstream: true));
        Assert.Equal(
            "connect by a name that it has, or reissue it with dNSName orders.example",
            Hint("orders.example", isUpstream: false));

        options.Extensions = new OutboundTlsExtensionOptions { ServerName = "orders.example" };
        Assert.Equal(
            "correct serverName, or reissue it with dNSName orders.example", Hint("orders.example", isUpstream: true));
        Assert.Equal(
            "connect by a name that it has, or reissue it with dNSName elsewhere.example",
            Hint("elsewhere.example", isUpstream: false));

        string? Hint(string host, bool isUpstream)
        {
            var policy = OutboundTlsPolicy.Create(options);
            var validator = isUpstream
                ? ServerCertificateValidator.ForUpstream(policy, null, TimeProvider.System)
                : ServerCertificateValidator.ForRedirectTarget(policy, null, TimeProvider.System);
            return validator.Validate(server, [], HostName.Parse(host)).Failures[0].Hint;
        }
    }

    [Fact]
    public async Task AnAddress_AndACertificateWithNames()
    {
        var failed = await FailAsync(Pki.Root.IssueServer("orders.example"), "127.0.0.1", isOpenSsl: false);

        Assert.Equal(
            ("FTLS5021",
                "set serverName (under extensions) to a name that it has, or reissue it with iPAddress 127.0.0.1"),
            (failed.Code, failed.Hint));
    }

    [Fact]
    public async Task AnAddress_AndACertificateWithAnotherAddress()
    {
        var other = Pki.Root.Issue("CN=other", new CertificateRequestOptions { Addresses = [System.Net.IPAddress.Parse("127.0.0.2")] });

        var failed = await FailAsync(other, "127.0.0.1", isOpenSsl: false);

        Assert.Equal("connect by a name that it has, or reissue it with iPAddress 127.0.0.1", failed.Hint);
    }

    private static async Task<TlsHandshakeException> FailAsync(X509Certificate2 certificate, string host, bool isOpenSsl)
    {
        var context = Pki.Context(Pki.Trusting());
        if (isOpenSsl)
        {
            ExternalTool.RequireOpenSsl();
            await using var openSsl = await OpenSslServer.StartAsync(certificate.ExportCertificatePem(), certificate.KeyPem(), null, [], Deadline.Token());
            return await Assert.ThrowsAsync<TlsHandshakeException>(async () => await context.ConnectAsync(new(host, openSsl.Port), Deadline.Token()));
        }

        await using var server = LoopbackServer.Start(certificate);
        return await Assert.ThrowsAsync<TlsHandshakeException>(async () => await context.ConnectAsync(server.EndPoint(host), Deadline.Token()));
    }
}
