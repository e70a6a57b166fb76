using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Support;

/// <summary>Short ways to ask what a policy thinks of a server's certificate, and what a server sees of it.</summary>
internal static class Verdict
{
    public static string Codes(this ServerCertificateValidationResult result) => string.Join(' ', result.Failures.Select(failure => failure.Code));

    /// <summary>The verdict of a policy that trusts these certificates.</summary>
    public static ServerCertificateValidationResult Of(X509Certificate2[] trusted, X509Certificate2 server, params X509Certificate2[] sent)
    {
        var context = Pki.Context(Trusting(trusted));
        return context.ValidateServerCertificate(server, [.. sent], Pki.Host);
    }

    public static void IsAccepted(ServerCertificateValidationResult result) => Assert.True(result.IsValid, result.ToString());

    public static void IsRefused(string code, ServerCertificateValidationResult result) => Assert.True(result.Codes() == code, $"expected {code}: {result}");

    public static OutboundTlsOptions Trusting(params X509Certificate2[] trusted) =>
        new() { TrustedCA = string.Join('\n', trusted.Select(certificate => certificate.ExportCertificatePem())) };

    /// <summary>A whole connection to a server that sends these certificates as they are; the server must have got what was written.</summary>
    public static async Task IsAcceptedInAHandshake(OutboundTlsOptions options, X509Certificate2 server, params X509Certificate2[] sent)
    {
        var context = Pki.Context(options, "orders");
        await using var upstream = await StartAsync(server, sent);
        await using var stream = await context.AuthenticateAsClientAsync(await Loopback.ConnectAsync(upstream.Port, Deadline.Token()), Pki.Host, cancellationToken: Deadline.Token());

        Assert.True(stream.IsAuthenticated);
        Assert.Equal("", (await upstream.NextAsync(Deadline.Token())).Error);
    }

    /// <summary>A handshake that is refused with this code.</summary>
    public static async Task<TlsHandshakeException> IsRefusedInAHandshake(string code, OutboundTlsOptions options, X509Certificate2 server, params X509Certificate2[] sent)
    {
        var context = Pki.Context(options, "orders");
        await using var upstream = await StartAsync(server, sent);

        var refused = await Assert.ThrowsAsync<TlsHandshakeException>(async () =>
            await context.AuthenticateAsClientAsync(await Loopback.ConnectAsync(upstream.Port, Deadline.Token()), Pki.Host, cancellationToken: Deadline.Token()));

        Assert.True(refused.Code == code, $"expected {code}: {refused.ServerCertificate}");
        Assert.Equal("orders", refused.Upstream);
        return refused;
    }

    // The platform's own server sends what it takes for the chain; this one sends what it is told.
    private static Task<OpenSslServer> StartAsync(X509Certificate2 server, X509Certificate2[] sent)
    {
        ExternalTool.RequireOpenSsl();
        return OpenSslServer.StartAsync(server.ChainPem(sent), server.KeyPem(), null, ["-cipher", "ALL:@SECLEVEL=0"], Deadline.Token());
    }
}
