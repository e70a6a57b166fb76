using System.Net.Security;
using System.Runtime.Versioning;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>What a policy asks for is what the ClientHello holds, through both ways in, and what Effective says.</summary>
[UnsupportedOSPlatform("windows")]
public class ClientHelloTests
{
    private const string Host = "orders.example";

    private static readonly string[] Tls13Suites = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];

    // Of offers without a cipher suites policy.
    private static readonly string[] PlatformOrder =
        ["TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"];

    private static readonly string[] DefaultSuites =
    [
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    ];

    public static TheoryData<string> Cases => [.. AllCases.Keys];

    private static readonly Dictionary<string, Expectation> AllCases = new()
    {
        ["default"] = new(new(), [.. Tls13Suites, .. DefaultSuites], ["1.3", "1.2"], ["h2", "http/1.1"]),
        ["gateway default"] = new(null, DefaultSuites, ["1.2"], []),
        ["1.1 with ECDHE-CBC"] = new(
            Options("1.1", "1.1", ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"]),
            ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"], ["1.1"], ["http/1.1"]),
        ["1.1 with RSA-CBC"] = new(
            Options("1.1", "1.1", ["TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"]),
            ["TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"], ["1.1"], ["http/1.1"]),
        ["1.2 with the defaults reversed"] = new(
            Options("1.2", "1.2", [.. DefaultSuites.Reverse()]), [.. DefaultSuites.Reverse()], ["1.2"], ["h2", "http/1.1"]),
        ["1.3 only"] = new(Options("1.3", "1.3", []), PlatformOrder, ["1.3"], ["h2", "http/1.1"]),
        ["1.1 to 1.3"] = new(
            Options("1.1", "1.3", ["TLS_RSA_WITH_AES_128_CBC_SHA", .. DefaultSuites]),
            [.. Tls13Suites, "TLS_RSA_WITH_AES_128_CBC_SHA", .. DefaultSuites], ["1.3", "1.2", "1.1"], ["h2", "http/1.1"]),
        ["1.1 to 1.3 without a suite for 1.1"] = new(Options("1.1", "1.3", DefaultSuites), [.. Tls13Suites, .. DefaultSuites], ["1.3", "1.2"], ["h2", "http/1.1"]),
        ["no ALPN"] = new(new() { Alpn = [] }, [.. Tls13Suites, .. DefaultSuites], ["1.3", "1.2"], []),
        ["ALPN in the other order"] = new(new() { Alpn = ["http/1.1", "h2"] }, [.. Tls13Suites, .. DefaultSuites], ["1.3", "1.2"], ["http/1.1", "h2"]),
        ["ALPN of another protocol"] = new(new() { Alpn = ["mqtt"] }, [.. Tls13Suites, .. DefaultSuites], ["1.3", "1.2"], ["mqtt"]),
        ["an IPv4 host"] = new(new(), [.. Tls13Suites, .. DefaultSuites], ["1.3", "1.2"], ["h2", "http/1.1"]) { Host = "127.0.0.1", ServerName = null },
        ["an IPv6 host"] = new(new(), [.. Tls13Suites, .. DefaultSuites], ["1.3", "1.2"], ["h2", "http/1.1"]) { Host = "[::1]", ServerName = null },
        ["a host with a trailing dot"] = new(new(), [.. Tls13Suites, .. DefaultSuites], ["1.3", "1.2"], ["h2", "http/1.1"]) { Host = "Orders.Example." },
        ["an international host"] = new(new(), [.. Tls13Suites, .. DefaultSuites], ["1.3", "1.2"], ["h2", "http/1.1"]) { Host = "bücher.example", ServerName = "xn--bcher-kva.example" },
        ["skipValidation"] = new(new() { DangerousSkipValidation = true }, [.. Tls13Suites, .. DefaultSuites], ["1.3", "1.2"], ["h2", "http/1.1"]),
        ["PSK beside a real suite"] = new(
            Options("1.2", "1.2", ["TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]),
            ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"], ["1.2"], ["h2", "http/1.1"]),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task AuthenticateAsClientAsync_OffersExactlyThePolicy(string name)
    {
        var expected = AllCases[name];
        var context = Context(expected);
        await using var transport = new FirstFlightStream();

        await Assert.ThrowsAsync<TlsHandshakeException>(async () =>
            await context.AuthenticateAsClientAsync(transport, expected.Host, cancellationToken: TestContext.Current.CancellationToken));

        AssertOffer(expected, context, ClientHello.Decode(transport.Sent));
        Assert.True(transport.IsDisposed);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task CreateClientOptions_InAPlainSslStream_OffersExactlyThePolicy(string name)
    {
        var expected = AllCases[name];
        var context = Context(expected);
        await using var transport = new FirstFlightStream();
        await using var stream = new SslStream(transport);

        await Assert.ThrowsAnyAsync<IOException>(() =>
            stream.AuthenticateAsClientAsync(context.CreateClientOptions(expected.Host), TestContext.Current.CancellationToken));

        AssertOffer(expected, context, ClientHello.Decode(transport.Sent));
    }

    private static void AssertOffer(Expectation expected, OutboundTlsContext context, ClientHello hello)
    {
        Assert.Equal(expected.Suites, hello.CipherSuites.Select(suite => suite.ToString()));
        Assert.Equal(expected.Versions, hello.Versions);
        Assert.Equal(expected.Alpn, hello.Alpn);
        Assert.Equal(expected.ServerName, hello.ServerName);

        Assert.Equal(hello.CipherSuites, context.Effective.CipherSuites);
        Assert.Equal(hello.Alpn, context.Effective.Alpn);
        Assert.Equal(
            hello.Groups.Select(group => KeyExchangeGroups.NameOf((ushort)group)), context.Effective.KeyExchangeGroups);
        Assert.Equal(expected.Versions[0], Text(context.Effective.MaxVersion));
        Assert.Equal(expected.Versions[^1], Text(context.Effective.MinVersion));
    }

    private static string Text(TlsVersion version) => new TlsVersionRange(version, version).ToString()["TLS ".Length..];

    private static OutboundTlsContext Context(Expectation expected) =>
        new TlsContextFactory().Create(expected.Options is null ? OutboundTlsPolicy.GatewayDefault : OutboundTlsPolicy.Create(expected.Options));

    private static OutboundTlsOptions Options(string min, string max, string[] ciphers) =>
        new() { MinVersion = Typed.Version(min), MaxVersion = Typed.Version(max), Ciphers = Typed.Suites(ciphers) };

    private sealed record Expectation(OutboundTlsOptions? Options, string[] Suites, string[] Versions, string[] Alpn)
    {
        public string Host { get; init; } = ClientHelloTests.Host;

        public string? ServerName { get; init; } = ClientHelloTests.Host;
    }
}
