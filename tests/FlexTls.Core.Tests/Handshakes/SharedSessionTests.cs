using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>The platform's sessions belong to the whole process; no policy gains or loses by another's.</summary>
public class SharedSessionTests : SessionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ASessionOfAnotherPolicy_ProvesNothing(bool isSkipping)
    {
        await using var server = LoopbackServer.Start(Issue());
        await using var port = new PortForwarder(server.Port);
        var lax = Pki.Context(isSkipping
            ? new() { DangerousSkipValidation = true, Extensions = new() { ServerName = Name } } : Trusting());
        var options = Trusting();
        options.TrustedCA = Pki.Foreign.Pem;
        options.MinVersion = TlsVersion.Tls13;
        var strict = Pki.Context(options);

        for (var i = 0; i < 2; i++)
        {
            // Its offer is the one that resumes sessions, from the first time on.
            var transport = await Loopback.ConnectAsync(port.Port, Deadline.Token());
            var refusal = await Assert.ThrowsAsync<TlsHandshakeException>(
                async () => await strict.AuthenticateAsClientAsync(
                    transport, "localhost", cancellationToken: Deadline.Token()));
            Assert.Equal(DiagnosticCodes.IncompleteChain, refusal.Code);
            Assert.Equal(isSkipping ? "full, full, full" : i == 0 ? "full, full, resumed" : "full, resumed, resumed",
                await EchoAsync(lax, port, 3));
        }
    }

    [Fact]
    public async Task FortyClientCertificates_AllResumeInTurn()
    {
        // In another process: the platform would drop the server's sessions together with those of clients.
        await using var server = await StartAsync(Issue(), "-Verify");
        var contexts = Enumerable.Range(1, 40).Select(_ =>
        {
            var client = Pki.Root.IssueClient();
            var options = Trusting();
            options.Certificate = new CertificateOptions { Key = client.KeyPem(), Crt = client.ExportCertificatePem() };
            return Pki.Context(options);
        }).ToList();
        var seen = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            foreach (var context in contexts)
            {
                seen.Add(await ConnectAsync(context, server, 1));
            }
        }

        Assert.All(seen.Take(80), one => Assert.Equal("full", one));
        Assert.All(seen.Skip(80), one => Assert.Equal("resumed", one));
    }
}
