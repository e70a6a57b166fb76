using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Xunit;

namespace FlexTls.Http;

/// <summary>
/// The first request of an HTTP/2 connection waits for the server only where the server may still refuse the client,
/// and not forever.
/// </summary>
public class FirstRequestTests
{
    private const int PrefaceLength = 24;
    private const int FrameHeaderLength = 9;
    private const byte Headers = 1;

    [Fact]
    public async Task FirstRequest_ToAServerThatDidNotAskForACertificate_IsSentBeforeTheServerSpeaks()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is not known whether the server asked.");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var clients = ClientHost.Under(Pki.Trusting());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Deadline.Token());

        var request = clients["orders"].GetAsync(new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/"), ending.Token);
        using var connection = await listener.AcceptTcpClientAsync(Deadline.Token());
        await using var stream = new SslStream(connection.GetStream());
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = Pki.EcServer, ApplicationProtocols = [SslApplicationProtocol.Http2] }, Deadline.Token());
        await ReadToHeadersAsync(stream);

        Assert.False(request.IsCompleted);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task FirstRequest_IsSent_ToAServerThatStaysSilentUntilItAnswers(
        bool asks, bool hasCertificate)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var clients = ClientHost.Under(hasCertificate ? Pki.MutualTls() : Pki.Trusting());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Deadline.Token());

        var address = new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        var request = clients["orders"].GetAsync(address, ending.Token);
        using var connection = await listener.AcceptTcpClientAsync(Deadline.Token());
        await using var stream = new SslStream(
            connection.GetStream(), false,
            (_, certificate, _, _) => (certificate is not null) == (asks && hasCertificate));
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = Pki.EcServer,
                ClientCertificateRequired = asks,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
            },
            Deadline.Token());
        await ReadToHeadersAsync(stream);

        Assert.False(request.IsCompleted);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FirstRequest_ThatTheServerRefusesForItsCertificate_FailsWithTheReason(bool hasCertificate)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer)
        {
            Protocols = HttpProtocols.Http2,
            ClientCertificates = ClientCertificateMode.RequireCertificate,
            TrustsClient = _ => false,
        }, Deadline.Token());
        await using var clients = ClientHost.Under(hasCertificate ? Pki.MutualTls() : Pki.Trusting());

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetStringAsync(upstream.Address, Deadline.Token()));

        Assert.Equal(HttpRequestError.SecureConnectionError, e.HttpRequestError);
        Assert.IsType<TlsHandshakeException>(e.InnerException);
        Assert.Equal("h2", Assert.Single(upstream.Hellos).Alpn[0]);
        Assert.Empty(upstream.Requests);
    }

    /// <summary>Reads the client's HTTP/2 frames up to its first HEADERS (RFC 9113, section 4.1), and says nothing.</summary>
    private static async Task ReadToHeadersAsync(SslStream stream)
    {
        await stream.ReadExactlyAsync(new byte[PrefaceLength], Deadline.Token());
        var header = new byte[FrameHeaderLength];
        do
        {
            await stream.ReadExactlyAsync(header, Deadline.Token());
            await stream.ReadExactlyAsync(new byte[(header[0] << 16) | (header[1] << 8) | header[2]], Deadline.Token());
        }
        while (header[3] != Headers);
    }
}
