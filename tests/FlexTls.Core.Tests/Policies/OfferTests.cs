using FlexTls.Support;
using Xunit;

namespace FlexTls.Policies;

/// <summary>Versions, cipher suites and application protocols together: section by section what is effectively offered.</summary>
public class OfferTests
{
    private const string Ecdhe12 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    private const string EcdheCbc = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA";
    private const string TripleDes = "TLS_RSA_WITH_3DES_EDE_CBC_SHA";
    private const string Psk = "TLS_PSK_WITH_AES_128_CBC_SHA";
    private const string Tls13Suite = "TLS_AES_128_GCM_SHA256";

    public static TheoryData<string?, string?, string[]?, string, string[]> Effective => new()
    {
        { null, null, null, "TLS 1.2 to 1.3", [] },
        { null, null, [], "TLS 1.2 to 1.3", [] },
        { "1.1", null, null, "TLS 1.2 to 1.3", ["W:FTLS2009"] },
        { "1.1", "1.2", null, "TLS 1.2", ["W:FTLS2009"] },
        { "1.1", "1.2", [EcdheCbc], "TLS 1.1 to 1.2", ["W:FTLS2018"] },
        { "1.1", "1.3", [EcdheCbc], "TLS 1.1 to 1.3", ["W:FTLS2018"] },
        { "1.1", "1.3", [Ecdhe12], "TLS 1.2 to 1.3", ["W:FTLS2009"] },
        { "1.1", "1.3", [TripleDes], "TLS 1.3", ["W:FTLS2018", "W:FTLS2009", "W:FTLS2015"] },
        { "1.1", "1.2", [TripleDes], "TLS 1.1", ["W:FTLS2018", "W:FTLS2009"] },
        { "1.2", "1.3", [Tls13Suite], "TLS 1.3", ["I:FTLS2014", "W:FTLS2009"] },
        { "1.2", "1.3", [Psk], "TLS 1.3", ["W:FTLS2018", "W:FTLS2017", "W:FTLS2009"] },
        { "1.3", "1.3", [Ecdhe12], "TLS 1.3", ["W:FTLS2015"] },
        { "1.2", "1.2", [Ecdhe12, Ecdhe12, Tls13Suite], "TLS 1.2", ["W:FTLS2016", "I:FTLS2014"] },
    };

    [Theory]
    [MemberData(nameof(Effective))]
    public void EffectiveRange_IsTheHighestRunForWhichSuitesRemain(string? min, string? max, string[]? ciphers, string range, string[] codes)
    {
        var policy = Findings.Accepted(Written.Policy(min, max, ciphers), codes);

        Assert.Equal(range, policy.Versions.ToString());
        Assert.All(policy.CipherSuites, suite => Assert.Contains(policy.Versions.Versions, suite.Versions.Contains));
        Assert.All(policy.Versions.Versions, version => Assert.Contains(policy.CipherSuites, suite => suite.Versions.Contains(version)));
    }

    public static TheoryData<string?, string?, string[]?, string[]> Nothing => new()
    {
        { "1.1", "1.1", null, ["E:FTLS2010"] },
        { "1.1", "1.1", [Ecdhe12], ["E:FTLS2010"] },
        { "1.2", "1.2", [Psk], ["W:FTLS2018", "W:FTLS2017", "E:FTLS2010"] },
        { "1.2", "1.2", [TripleDes], ["W:FTLS2018", "E:FTLS2010"] },
        { "1.3", "1.2", null, ["E:FTLS2008"] },
        { "1.3", "1.1", null, ["E:FTLS2008"] },
        { null, "1.1", null, ["E:FTLS2008"] },
        { "1.0", null, null, ["E:FTLS2007"] },
        { null, "TLSv1.2", null, ["E:FTLS2007"] },
        { "1.20", null, null, ["E:FTLS2007"] },
        { null, null, ["tls_ecdhe_rsa_with_aes_128_gcm_sha256"], ["E:FTLS2013"] },
        { null, null, ["ECDHE-RSA-AES128-GCM-SHA256", "nonsense", ""], ["E:FTLS2012", "E:FTLS2011", "E:FTLS1007"] },
    };

    [Theory]
    [MemberData(nameof(Nothing))]
    public void AnOfferThatCannotBeMade_IsAnError(string? min, string? max, string[]? ciphers, string[] codes) =>
        Findings.Refused(Written.Policy(min, max, ciphers), codes);

    [Fact]
    public void ListedSuites_KeepTheirOrder()
    {
        string[] listed = ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", Ecdhe12];

        var policy = Findings.Accepted(new OutboundTlsOptions { MaxVersion = TlsVersion.Tls12, Ciphers = Typed.Suites(listed) });

        Assert.Equal(listed, policy.CipherSuites.Select(suite => suite.Name));
    }

    [Fact]
    public void Alpn_LongerThanAList_IsOneFault()
    {
        var options = new OutboundTlsOptions { Alpn = [.. Enumerable.Repeat("http1.1", 100_000)] };

        OutboundTlsPolicy.TryCreate(options, out _, out var found);

        Assert.Equal("FTLS2020", Assert.Single(found).Code);
    }

    [Fact]
    public void Alpn_IsCheckedByteForByte()
    {
        Findings.Refused(new OutboundTlsOptions { Alpn = ["h2", "h2"] }, "E:FTLS2021");
        Findings.Refused(new OutboundTlsOptions { Alpn = ["HTTP/1.1"] }, "E:FTLS2022");
        Findings.Refused(new OutboundTlsOptions { Alpn = [""] }, "E:FTLS2020");
        Findings.Refused(new OutboundTlsOptions { Alpn = ["\uD800"] }, "E:FTLS2020");
        Findings.Refused(new OutboundTlsOptions { Alpn = [new string('x', 256)] }, "E:FTLS2020");
        Findings.Refused(new OutboundTlsOptions { Alpn = [.. Enumerable.Range(0, 300).Select(i => $"{i}{new string('x', 240)}")] }, "E:FTLS2020");
        Assert.Equal([new string('x', 255), "mqtt", "Mqtt"], Findings.Accepted(new OutboundTlsOptions { Alpn = [new string('x', 255), "mqtt", "Mqtt"] }).Alpn);
    }

    [Theory]
    [InlineData("http1.1", "did you mean http/1.1?")]
    [InlineData("HTTP1.1", "did you mean http/1.1?")]
    [InlineData("http-1.1", "did you mean http/1.1?")]
    [InlineData("http/1.1 ", "did you mean http/1.1?")]
    [InlineData("http/1", "did you mean http/1.1?")]
    [InlineData("http/1.2", "did you mean http/1.1?")]
    [InlineData("https/1.1", "did you mean http/1.1?")]
    [InlineData("http", "did you mean http/1.1?")]
    [InlineData("h1", "did you mean http/1.1?")]
    [InlineData("http2", "did you mean h2?")]
    [InlineData("http/2", "did you mean h2?")]
    [InlineData("HTTP/2.0", "did you mean h2?")]
    [InlineData("h2 ", "did you mean h2?")]
    [InlineData("h2c", "write h2.")]
    [InlineData("H2C", "write h2.")]
    [InlineData("h3", "write h2 or http/1.1.")]
    [InlineData("h3-29", "write h2 or http/1.1.")]
    [InlineData("http/3", "write h2 or http/1.1.")]
    [InlineData("h2,http/1.1", "make each an entry of its own.")]
    [InlineData("[h2, http/1.1]", "make each an entry of its own.")]
    public void Alpn_ThatIsAnotherNameOfHttp_IsAWarningAndStays(string id, string fix)
    {
        var policy = Findings.Accepted(new OutboundTlsOptions { Alpn = [id] }, "W:FTLS2032");

        Assert.Equal([id], policy.Alpn);
        var warning = policy.Diagnostics[0].Message;
        Assert.StartsWith($"Alpn[0] is '{id}', ", warning, StringComparison.Ordinal);
        Assert.EndsWith(fix, warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http/1.0")]
    [InlineData("http/0.9")]
    [InlineData("spdy/3.1")]
    [InlineData("grpc-exp")]
    [InlineData("mqtt")]
    [InlineData("imap")]
    [InlineData("x-ours/1")]
    [InlineData("a, b")]
    [InlineData("h5")]
    public void Alpn_OfAnotherProtocol_IsNoWarning(string id) =>
        Findings.Accepted(new OutboundTlsOptions { Alpn = [id] });

    [Fact]
    public void Http2_IsNotOfferedBelowTls12()
    {
        var options = new OutboundTlsOptions
        {
            MinVersion = TlsVersion.Tls11,
            MaxVersion = TlsVersion.Tls11,
            Ciphers = Typed.Suites(EcdheCbc),
        };
        Assert.Equal(["http/1.1"], Findings.Accepted(options, "W:FTLS2018").Alpn);

        options.Alpn = ["http/1.1", "h2"];
        Assert.Equal(["http/1.1"], Findings.Accepted(options, "W:FTLS2018", "W:FTLS2023").Alpn);
    }
}
