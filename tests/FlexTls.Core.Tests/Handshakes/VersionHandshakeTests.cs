using System.Net.Security;
using System.Security.Authentication;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>Every version and every contiguous range, by the word of two servers: SslStream and OpenSSL.</summary>
public class VersionHandshakeTests
{
    // One suite for each version below 1.3, so that the suite tells which version's list was used.
    private static readonly TlsCipherSuite[] Suites =
        [TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA];

    public static TheoryData<string, string> Ranges => new()
    {
        { "1.1", "1.1" }, { "1.1", "1.2" }, { "1.1", "1.3" }, { "1.2", "1.2" }, { "1.2", "1.3" }, { "1.3", "1.3" },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public async Task SslStreamServer_WithEachVersionAlone_SeesItOrRefuses(string min, string max)
    {
        var context = Context(min, max);
        foreach (var (version, protocol) in new[] { ("1.1", Tls11), ("1.2", SslProtocols.Tls12), ("1.3", SslProtocols.Tls13) })
        {
            await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer)
            {
                Versions = protocol,
                CipherSuites = [.. Suites, TlsCipherSuite.TLS_AES_128_GCM_SHA256],
            });
            if (IsBetween(version, min, max))
            {
                await using var stream = await context.ConnectAsync(server.EndPoint(), Deadline.Token());
                await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());
                var seen = await server.NextAsync(Deadline.Token());
                Assert.Equal(protocol, seen.Version);
                Assert.Equal(
                    version == "1.3" ? TlsCipherSuite.TLS_AES_128_GCM_SHA256 : Expected(version), seen.CipherSuite);
            }
            else
            {
                var refused = await Assert.ThrowsAsync<TlsHandshakeException>(async () => await context.ConnectAsync(server.EndPoint(), Deadline.Token()));
                Assert.Contains(refused.Code, new[] { "FTLS6170", "FTLS6007", "FTLS6140", "FTLS6001" });
                Assert.NotNull((await server.NextAsync(Deadline.Token())).Error);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public async Task OpenSslServer_WithAllVersions_NegotiatesTheHighestOfTheRange(string min, string max)
    {
        ExternalTool.RequireOpenSsl();
        var context = Context(min, max);
        await using var server = await OpenSslServer.StartAsync(Pki.EcServer.ExportCertificatePem(), Pki.EcServer.KeyPem(), null,
            ["-min_protocol", "TLSv1.1", "-cipher", "ALL:@SECLEVEL=0", "-alpn", "http/1.1"], Deadline.Token());

        await using var stream = await context.ConnectAsync(new("localhost", server.Port), Deadline.Token());

        var report = await server.NextAsync(Deadline.Token());
        Assert.Equal(max, report.Version);
        Assert.Equal(max == "1.3" ? context.Effective.CipherSuites[0] : Expected(max), report.CipherSuite);
        Assert.Equal("http/1.1", report.Alpn);
    }

    private static OutboundTlsContext Context(string min, string max)
    {
        var options = Pki.Trusting();
        (options.MinVersion, options.MaxVersion) = (Typed.Version(min), Typed.Version(max));
        options.Ciphers = [.. Suites];
        return Pki.Context(options);
    }

    private static TlsCipherSuite Expected(string version) => version switch
    {
        "1.1" => TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
        _ => TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    };

    private static bool IsBetween(string version, string min, string max) =>
        string.CompareOrdinal(version, min) >= 0 && string.CompareOrdinal(version, max) <= 0;

#pragma warning disable SYSLIB0039, CA5397 // The server's side of TLS 1.1.
    private const SslProtocols Tls11 = SslProtocols.Tls11;
#pragma warning restore SYSLIB0039, CA5397
}
