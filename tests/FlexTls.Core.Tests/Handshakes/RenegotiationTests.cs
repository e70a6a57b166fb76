using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>A TLS 1.2 server that asks for the client certificate after the handshake gets none, and the stream says why.</summary>
public class RenegotiationTests
{
    private const string AtTheStart = "the server asks for a client certificate only after it has read the request: let it ask at the start, or ";

    [Theory]
    [InlineData(true, true, "1.3", AtTheStart + "speak TLS 1.3")]
    [InlineData(true, false, "1.2", AtTheStart + "allow TLS 1.3 (maxversion)")]
    [InlineData(false, true, "1.2", AtTheStart + "allow TLS 1.3 (maxversion); and it would get none: the policy has none")]
    public async Task TheReadSaysWhatTheServerWanted(bool hasCertificate, bool isAsynchronous, string maxVersion, string hint)
    {
        ExternalTool.RequireOpenSsl();
        var options = hasCertificate ? Pki.MutualTls() : Pki.Trusting();
        options.MaxVersion = Typed.Version(maxVersion);
        await using var server = await OpenSslServer.StartAsync(
            Pki.EcServer.ExportCertificatePem(), Pki.EcServer.KeyPem(), Pki.Root.Pem, ["-tls1_2"], Deadline.Token());
        await using var stream = await Pki.Context(options, "orders").ConnectAsync(new("localhost", server.Port), Deadline.Token());
        await server.NextAsync(Deadline.Token());
        await server.AnswerAsync("an answer before it wants anything");
        await stream.ReadAtLeastAsync(new byte[100], 34, cancellationToken: Deadline.Token());

        // The command of s_server for a renegotiation that asks for a certificate.
        await server.AnswerAsync("R");
        var failed = await Assert.ThrowsAsync<IOException>(async () => _ = isAsynchronous
            ? await stream.ReadAsync(new byte[100], Deadline.Token())
            : await Task.Run(() => stream.Read(new byte[100])));

        var reason = Assert.IsType<TlsHandshakeException>(failed.InnerException);
        Assert.Equal(("FTLS6022", hint), (reason.Code, reason.Hint));
        Assert.Equal(
            $"FTLS6022: TLS to upstream 'orders' (localhost): the server wants renegotiation, which FlexTls never does. Probably {hint}.",
            failed.Message);
    }
}
