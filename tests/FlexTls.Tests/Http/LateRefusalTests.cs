using System.Net.Sockets;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>A server that wants a client certificate refuses in the handshake (TLS 1.2) or after it (1.3): both fail alike, with the reason.</summary>
public class LateRefusalTests
{
    private const string None = "the policy has none";
    private const string Skips = "the policy skips validation and so presents none";

    public static TheoryData<string, string, string, bool> Requests { get; } = new(
        from version in new[] { "1.2", "1.3" }
        from protocol in new[] { "http/1.1", "h2" }
        from method in new[] { "GET", "POST" }
        from skips in new[] { false, true }
        select (version, protocol, method, skips));

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task AServerThatRequiresACertificate_ByAnAlert(string version, string protocol, string method, bool skipsValidation)
    {
        await using var upstream = await RequiringAsync(protocol);
        await using var clients = ClientHost.Under(Without(version, protocol, skipsValidation));

        var refused = await RefusedAsync(() => clients["orders"].SendAsync(Request(method, Address(upstream)), Deadline.Token()));

        // A body that meets the server's end resets the connection, and the alert may be lost with it.
        Assert.Contains(refused.Code, version == "1.2" ? ["FTLS6140"]
            : method == "POST" ? (string[])["FTLS6216", "FTLS6001"] : ["FTLS6216"]);
        Assert.Contains(skipsValidation ? Skips : None, refused.Message, StringComparison.Ordinal);
        Assert.Single(clients.Log.Warnings, line => line.Contains(refused.Code, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task AServerThatRequiresACertificate_AndJustCloses(string version, string protocol, string method, bool skipsValidation)
    {
        await using var upstream = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Loopbacks.Certificate) { ClientCertificates = ClientCertificateMode.RequireCertificate }, Deadline.Token());
        await using var clients = ClientHost.Under(Without(version, protocol, skipsValidation));

        var refused = await RefusedAsync(() => clients["orders"].SendAsync(Request(method, upstream.Address), Deadline.Token()));

        Assert.Equal("FTLS6001", refused.Code);
        Assert.Contains(skipsValidation ? Skips : None, refused.Message, StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData("1.2", "FTLS6140")]
    [InlineData("1.3", "FTLS6216")]
    public async Task SynchronousSend_FailsAlike(string version, string code)
    {
        await using var upstream = await RequiringAsync("http/1.1");
        await using var clients = ClientHost.Under(Without(version, "http/1.1", skipsValidation: false));
        using var client = clients["orders"];

        var refused = await RefusedAsync(() => Task.Run(() => client.Send(Request("GET", Address(upstream)), Deadline.Token())));

        Assert.Equal(code, refused.Code);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task ARefusedClientCertificate_IsNamed(string protocol)
    {
        await using var upstream = await RequiringAsync(protocol);
        var stranger = Pki.Foreign.IssueClient("CN=stranger");
        var options = Pki.Trusting();
        options.Alpn = [protocol];
        options.Certificate = new CertificateOptions { Key = stranger.KeyPem(), Crt = stranger.ExportCertificatePem() };
        await using var clients = ClientHost.Under(options);

        var refused = await RefusedAsync(() => clients["orders"].SendAsync(Request("GET", Address(upstream)), Deadline.Token()));

        Assert.Equal("FTLS6148", refused.Code);
        Assert.Contains("CN=stranger", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Kestrel closes without a reason on .NET 10, and with handshake_failure on .NET 11.</summary>
    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public async Task AnExpiredClientCertificate_IsTheReasonThatIsNamed(string version)
    {
        await using var upstream = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Loopbacks.Certificate) { ClientCertificates = ClientCertificateMode.RequireCertificate, TrustsClient = _ => false },
            Deadline.Token());
        var expired = Pki.Root.Issue("CN=old", new CertificateRequestOptions { Usages = [CertificateRequestOptions.ClientAuth], NotAfter = DateTimeOffset.UtcNow.AddHours(-1) });
        var options = Pki.Trusting();
        (options.MinVersion, options.MaxVersion) = (Typed.Version(version), Typed.Version(version));
        options.Certificate = new CertificateOptions { Key = expired.KeyPem(), Crt = expired.ExportCertificatePem() };
        await using var clients = ClientHost.Under(options);

        var refused = await RefusedAsync(() => clients["orders"].SendAsync(Request("GET", upstream.Address), Deadline.Token()));

        Assert.Contains(refused.Code, new[] { "FTLS6001", "FTLS6140" });
        Assert.Contains($"Probably the client certificate 'CN=old' expired at {expired.NotAfter.ToUniversalTime():u}: renew it", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task AfterAGoodUpstream_TheRefusalOfAnotherStillHasItsReason(string protocol)
    {
        await using var good = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var bad = await RequiringAsync(protocol);
        await using var clients = ClientHost.Under(Without("1.3", protocol, skipsValidation: false));
        await clients["orders"].GetStringAsync(good.Address, Deadline.Token());

        var refused = await RefusedSomewhereAsync(() => clients["orders"].SendAsync(Request("GET", Address(bad)), Deadline.Token()));

        Assert.Equal("FTLS6216", refused.Code);
    }

    /// <summary>The reader gets the refusal and closes the connection while the first write, the third of TLS 1.3, still lasts.</summary>
    [Fact]
    public async Task ARefusalThatOvertakesTheFirstWrite_StillHasItsReason()
    {
        await using var good = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var bad = await RequiringAsync("h2");
        await using var clients = ClientHost.Under(Without("1.3", "h2", skipsValidation: false), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler
            {
                ConnectCallback = async (connection, ct) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(connection.DnsEndPoint, ct);
                    return connection.DnsEndPoint.Port == bad.Port ? new HeldWriteStream(socket, held: 3) : new NetworkStream(socket, ownsSocket: true);
                },
            }));
        await clients["orders"].GetStringAsync(good.Address, Deadline.Token());

        var refused = await RefusedSomewhereAsync(() => clients["orders"].SendAsync(Request("GET", Address(bad)), Deadline.Token()));

        Assert.Equal("FTLS6216", refused.Code);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, "http/1.1")]
    [InlineData(HttpProtocols.Http2, "h2")]
    public async Task BesideAGoodConnection_TheLogHasTheReasonForTheRefusalOfAnother(
        HttpProtocols protocols, string protocol)
    {
        var accepts = true;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isBusy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking() with
        {
            Protocols = protocols,
            ClientCertificates = ClientCertificateMode.RequireCertificate,
            TrustsClient = _ => Volatile.Read(ref accepts),
            Configure = app => app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<KestrelServerOptions>>().Value.Limits.Http2.MaxStreamsPerConnection = 1,
            Respond = context =>
            {
                isBusy.TrySetResult();
                return release.Task.WaitAsync(context.RequestAborted);
            },
        }, Deadline.Token());
        var options = Pki.MutualTls();
        options.Alpn = [protocol];
        await using var clients = ClientHost.Under(options, client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { EnableMultipleHttp2Connections = true }));
        var first = clients["orders"].GetAsync(upstream.Address, Deadline.Token());
        await isBusy.Task.WaitAsync(Deadline.Token());
        Volatile.Write(ref accepts, false);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(
            () => clients["orders"].SendAsync(Request("GET", upstream.Address), Deadline.Token()));

        // Kestrel says nothing on .NET 10, and handshake_failure on .NET 11.
        var status = clients.Services.GetRequiredService<IOutboundTlsManager>().GetStatus();
        var code = Assert.Single(status.Upstreams.Single().Failures).Code;
        Assert.Contains(code, new[] { "FTLS6001", "FTLS6140" });
        Assert.Contains(clients.Log.Warnings, line => line.Contains(code, StringComparison.Ordinal));

        // Of an HTTP/1.1 connection that just ends, the pool must not learn more: it sends the request again.
        Assert.Equal(protocol == "h2" || code == "FTLS6140" ? code : null, ReasonIn(failed)?.Code);
        release.SetResult();
        using var response = await first;
        Assert.True(response.IsSuccessStatusCode);
    }

    private static async Task<OpenSslServer> RequiringAsync(string protocol)
    {
        ExternalTool.RequireOpenSsl();
        return await OpenSslServer.StartAsync(
            Pki.EcServer.ExportCertificatePem(), Pki.EcServer.KeyPem(), Pki.Root.Pem, ["-Verify", "3", "-alpn", protocol], Deadline.Token());
    }

    private static Uri Address(OpenSslServer server) => new($"https://localhost:{server.Port}/");

    private static OutboundTlsOptions Without(string version, string protocol, bool skipsValidation)
    {
        var options = skipsValidation ? Pki.MutualTls() : Pki.Trusting();
        (options.MinVersion, options.MaxVersion, options.Alpn, options.DangerousSkipValidation) =
            (Typed.Version(version), Typed.Version(version), [protocol], skipsValidation);
        return options;
    }

    /// <summary>A body that fits into no buffer on the way.</summary>
    private static HttpRequestMessage Request(string method, Uri address) => new(new HttpMethod(method), address)
    {
        Content = method == "POST" ? new ByteArrayContent(new byte[8 * 1024 * 1024]) : null,
    };

    /// <summary>Beside a connection that was answered, requests are not watched: the reason then stands where the pool puts it.</summary>
    private static async Task<TlsHandshakeException> RefusedSomewhereAsync(Func<Task<HttpResponseMessage>> send)
    {
        var failed = await Assert.ThrowsAsync<HttpRequestException>(send);
        return ReasonIn(failed) ?? throw new InvalidOperationException("The refusal has lost its reason.", failed);
    }

    private static TlsHandshakeException? ReasonIn(Exception? failed)
    {
        while (failed is not (null or TlsHandshakeException))
        {
            failed = failed.InnerException;
        }

        return failed as TlsHandshakeException;
    }

    private static async Task<TlsHandshakeException> RefusedAsync(Func<Task<HttpResponseMessage>> send)
    {
        var failed = await Assert.ThrowsAsync<HttpRequestException>(send);
        var refused = Assert.IsType<TlsHandshakeException>(failed.InnerException);
        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        Assert.Equal("orders", refused.Upstream);
        return refused;
    }
}
