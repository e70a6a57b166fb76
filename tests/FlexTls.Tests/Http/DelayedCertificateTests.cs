using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Xunit;

namespace FlexTls.Http;

/// <summary>Kestrel's DelayCertificate: the server asks for the client certificate when it has read the request.</summary>
public class DelayedCertificateTests
{
    private const string Hint = "the server asks for a client certificate only after it has read the request: let it ask at the start, or allow TLS 1.3 (maxversion)";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OverTls12_ItIsRefusedWithItsReason(bool isSynchronous)
    {
        await using var upstream = await StartAsync();
        await using var clients = ClientHost.Under(Options("1.2"));
        using var client = clients["orders"];
        using var request = new HttpRequestMessage(HttpMethod.Get, upstream.Address);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => isSynchronous
            ? Task.Run(() => client.Send(request, Deadline.Token()))
            : client.SendAsync(request, Deadline.Token()));

        var reason = Assert.IsType<TlsHandshakeException>(failed.InnerException);
        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        Assert.Equal(("FTLS6022", "orders", Hint), (reason.Code, reason.Upstream, reason.Hint));
        Assert.Equal(reason.Message, failed.Message);
        Assert.Single(clients.Log.Warnings, line => line.Contains("FTLS6022", StringComparison.Ordinal));
    }

    /// <summary>A connection that has answered may still meet it, as for one path of a server.</summary>
    [Fact]
    public async Task OnAConnectionThatHasAnswered_TheReasonIsInside()
    {
        await using var upstream = await StartAsync();
        await using var clients = ClientHost.Under(Options("1.2"));
        Assert.Equal("no certificate", await clients["orders"].GetStringAsync(new Uri(upstream.Address, "/open"), Deadline.Token()));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetStringAsync(upstream.Address, Deadline.Token()));

        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        Assert.Equal("FTLS6022", Inner(failed)?.Code);
        Assert.Equal(1, upstream.Connections);
        Assert.Single(clients.Log.Warnings, line => line.Contains("FTLS6022", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OverTls13_ItGetsTheCertificate()
    {
        await using var upstream = await StartAsync();
        await using var clients = ClientHost.Under(Options("1.3"));

        Assert.Equal("CN=client", await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token()));
    }

    [Fact]
    public async Task AtTheStart_OverTls12_ItGetsTheCertificate()
    {
        await using var upstream = await StartAsync(ClientCertificateMode.AllowCertificate);
        await using var clients = ClientHost.Under(Options("1.2"));

        Assert.Equal("CN=client", await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token()));
    }

    private static TlsHandshakeException? Inner(Exception? exception)
    {
        while (exception is not (null or TlsHandshakeException))
        {
            exception = exception.InnerException;
        }

        return exception as TlsHandshakeException;
    }

    private static OutboundTlsOptions Options(string maxVersion)
    {
        var options = Pki.MutualTls();
        options.MaxVersion = Typed.Version(maxVersion);
        return options;
    }

    private static Task<HttpUpstream> StartAsync(ClientCertificateMode mode = ClientCertificateMode.DelayCertificate) => HttpUpstream.StartAsync(
        new HttpUpstreamOptions(Loopbacks.Certificate)
        {
            Protocols = HttpProtocols.Http1,
            ClientCertificates = mode,
            Respond = async context =>
            {
                var certificate = context.Request.Path == "/open" ? null : await context.Connection.GetClientCertificateAsync(context.RequestAborted);
                await context.Response.WriteAsync(certificate?.Subject ?? "no certificate", context.RequestAborted);
            },
        },
        Deadline.Token());
}
