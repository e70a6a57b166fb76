using System.Net.Sockets;
using FlexTls.Rotation;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Http;

/// <summary>Every failure is an HttpRequestException with SecureConnectionError and our reason inside, and is logged without filling a disk.</summary>
public class ErrorTests
{
    [Fact]
    public async Task ARefusedServerCertificate_IsToldByItsCode()
    {
        var expired = Pki.Root.Issue("CN=old", new CertificateRequestOptions
        {
            DnsNames = ["localhost"],
            NotBefore = DateTimeOffset.UtcNow.AddDays(-2).AddHours(1),
            NotAfter = DateTimeOffset.UtcNow.AddDays(-1),
        });

        Assert.Equal("FTLS5003", (await AgainstAsync(new HttpUpstreamOptions(Loopbacks.ForeignCertificate))).Code);
        Assert.Equal("FTLS5021", (await AgainstAsync(new HttpUpstreamOptions(Pki.Root.IssueServer(Pki.Host)))).Code);
        var refused = await AgainstAsync(new HttpUpstreamOptions(expired));
        Assert.Equal("FTLS5004", refused.Code);
        Assert.False(refused.ServerCertificate!.IsValid);
        Assert.Equal(("orders", "localhost"), (refused.Upstream, refused.TargetHost));
    }

    [Theory]
    [InlineData("FTLS6170", "1.2", "1.2", "-tls1_3")]
    [InlineData("FTLS6170", "1.3", "1.3", "-tls1_2")]
    [InlineData("FTLS6140", "1.2", "1.2", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA384")]
    [InlineData("FTLS6212", "1.2", "1.3", "-servername", "other.example", "-servername_fatal", "-cert2", "{cert}", "-key2", "{key}")]
    public async Task AnAlert_IsToldByItsNumber(string code, string min, string max, params string[] arguments)
    {
        ExternalTool.RequireOpenSsl();
        using var folder = new TempCertificate(Pki.EcServer);
        await using var upstream = await OpenSslServer.StartAsync(
            Pki.EcServer.ExportCertificatePem(), Pki.EcServer.KeyPem(), null,
            arguments.Select(argument => argument.Replace("{cert}", folder.CertificatePath, StringComparison.Ordinal).Replace("{key}", folder.KeyPath, StringComparison.Ordinal)), Deadline.Token());
        var options = Pki.Trusting();
        (options.MinVersion, options.MaxVersion) = (Typed.Version(min), Typed.Version(max));

        Assert.Equal(code, (await RefusedAsync(options, new Uri($"https://localhost:{upstream.Port}/"))).Code);
    }

    [Fact]
    public async Task NoCommonApplicationProtocol_IsTold()
    {
        var options = Pki.Trusting();
        options.Alpn = ["h2"];
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Loopbacks.Certificate) { Protocols = HttpProtocols.Http1 }, Deadline.Token());

        var refused = await RefusedAsync(options, upstream.Address);

        Assert.Contains(refused.Code, new[] { "FTLS6220", "FTLS6005" });
        Assert.Contains("h2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlainHttpOnTheTlsPort_IsTold()
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Loopbacks.Certificate) { IsPlain = true, Protocols = HttpProtocols.Http1 }, Deadline.Token());

        var refused = await RefusedAsync(Pki.Trusting(), new UriBuilder(upstream.Address) { Scheme = "https" }.Uri);

        Assert.Equal("FTLS6002", refused.Code);
    }

    [Fact]
    public async Task AConnectionThatIsReset_IsTold()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var resetting = ResetAsync(listener);

        var refused = await RefusedAsync(Pki.Trusting(), new Uri($"https://localhost:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}/"));

        Assert.Equal("FTLS6001", refused.Code);
        await resetting;
    }

    [Fact]
    public async Task AFailureThatRepeats_IsOneLineAMinuteForEachCode_WithACount()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var foreign = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Loopbacks.ForeignCertificate), Deadline.Token());
        await using var misnamed = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.Root.IssueServer(Pki.Host)), Deadline.Token());
        await using var clients = ClientHost.Create(services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
            services.AddHttpClient("others").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        });

        await FailAsync(clients["orders"], foreign.Address, times: 5);
        await FailAsync(clients["orders"], misnamed.Address, times: 2);
        await FailAsync(clients["others"], foreign.Address, times: 1);
        clock.Advance(TimeSpan.FromSeconds(59));
        await FailAsync(clients["orders"], foreign.Address, times: 1);
        Assert.Equal(3, Lines(clients).Count);
        clock.Advance(TimeSpan.FromSeconds(1));
        await FailAsync(clients["orders"], foreign.Address, times: 3);

        var lines = Lines(clients);
        Assert.Equal(4, lines.Count);
        Assert.StartsWith("A connection to upstream 'orders' failed. FTLS5003: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("A connection to upstream 'orders' failed. FTLS5021: ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("A connection to upstream 'others' failed. FTLS5003: ", lines[2], StringComparison.Ordinal);
        Assert.Contains("(5 more with this code since the last line)", lines[3], StringComparison.Ordinal);
    }

    /// <summary>Whoever has changed the policy wants to know whether that has helped.</summary>
    [Fact]
    public async Task AFailureUnderANewGeneration_IsALineAgain()
    {
        await using var foreign = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Loopbacks.ForeignCertificate), Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Pki.Trusting());
        await FailAsync(rotation.Client, foreign.Address, times: 2);

        rotation.Swap(Pki.Trusting(Pki.Intermediate));
        await FailAsync(rotation.Client, foreign.Address, times: 2);

        Assert.Equal(2, rotation.Log.Warnings.Count(line => line.StartsWith("A connection to", StringComparison.Ordinal)));
    }

    private static List<string> Lines(ClientHost clients) =>
        [.. clients.Log.Warnings.Where(line => line.StartsWith("A connection to upstream", StringComparison.Ordinal))];

    private static async Task FailAsync(HttpClient client, Uri address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(address, Deadline.Token()));
        }
    }

    private static async Task ResetAsync(TcpListener listener)
    {
        using var connection = await listener.AcceptSocketAsync(Deadline.Token());
        await connection.ReceiveAsync(new byte[1], Deadline.Token());
        connection.LingerState = new LingerOption(true, 0);
        connection.Close();
    }

    private static async Task<TlsHandshakeException> AgainstAsync(HttpUpstreamOptions server)
    {
        await using var upstream = await HttpUpstream.StartAsync(server, Deadline.Token());
        var refused = await RefusedAsync(Pki.Trusting(), upstream.Address);
        Assert.Empty(upstream.Requests);
        return refused;
    }

    private static async Task<TlsHandshakeException> RefusedAsync(OutboundTlsOptions options, Uri address)
    {
        await using var clients = ClientHost.Under(options);
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetAsync(address, Deadline.Token()));
        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        var refused = Assert.IsType<TlsHandshakeException>(failed.InnerException);
        Assert.Single(clients.Log.Warnings, line => line.Contains(refused.Code, StringComparison.Ordinal));
        return refused;
    }
}
