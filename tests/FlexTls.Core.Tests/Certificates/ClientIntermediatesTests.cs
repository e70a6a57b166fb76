using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Certificates;

/// <summary>CA certificates in code that are sent with a client certificate in code.</summary>
public class ClientIntermediatesTests
{
    [Fact]
    public async Task IntermediatesInCode_AreSentToTheServer_AndBelongToACertificateInCode()
    {
        using var client = Pki.Intermediate.IssueClient("CN=in code");
        var intermediates = new X509Certificate2Collection(Pki.Intermediate.Certificate);
        var policy = Findings.Accepted(
            new OutboundTlsOptions
            {
                TrustedCA = Pki.Root.Pem,
                ClientCertificate = client,
                ClientIntermediates = intermediates,
            });
        await using var server = LoopbackServer.Start(
            new LoopbackServerOptions(Pki.EcServer) { RequiresClientCertificate = true });

        var context = new TlsContextFactory().Create(policy);
        await using (await context.ConnectAsync("localhost", server.Port, Deadline.Token()))
        {
        }

        var seen = await server.NextAsync(Deadline.Token());

        Assert.Equal("CN=in code", seen.ClientCertificate);
        Assert.Equal(["CN=FlexTls Test Intermediate"], seen.ClientIntermediates);
        Findings.Refused(new OutboundTlsOptions { ClientIntermediates = intermediates }, "E:FTLS2004");
    }
}
