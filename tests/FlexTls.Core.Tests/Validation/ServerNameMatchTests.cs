using System.Security.Cryptography.X509Certificates;
using System.Text;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>Which certificate is for which host (RFC 9525): by subject alternative names, and by nothing else.</summary>
public class ServerNameMatchTests
{
    [Theory]
    [InlineData("orders.example", "orders.example", "")]
    [InlineData("Orders.EXAMPLE", "orders.example", "")]
    [InlineData("orders.example", "ORDERS.Example", "")]
    [InlineData("orders.example", "orders.example.", "")]
    [InlineData("orders.example.", "orders.example", "FTLS5021")] // A certificate's name has no trailing dot.
    [InlineData("orders.example.", "orders.example.", "FTLS5021")]
    [InlineData("xn--bcher-kva.example", "bücher.example", "")]
    [InlineData("XN--BCHER-KVA.example", "BÜCHER.example.", "")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example", "")]
    [InlineData("xn--bcher-kva.example", "bucher.example", "FTLS5021")]
    [InlineData("*.example.com", "xn--bcher-kva.example.com", "")]
    [InlineData("example.com", "orders.example.com", "FTLS5021")]
    [InlineData("orders.example.com", "example.com", "FTLS5021")]
    [InlineData("xorders.example", "orders.example", "FTLS5021")]
    [InlineData("*.example.com", "orders.example.com", "")]
    [InlineData("*.EXAMPLE.com", "Orders.example.COM.", "")]
    [InlineData("*.example.com", "example.com", "FTLS5021")]
    [InlineData("*.example.com", ".example.com", null)]
    [InlineData("*.example.com", "a.b.example.com", "FTLS5021")]
    [InlineData("f*.example.com", "foo.example.com", "FTLS5021")]
    [InlineData("*f.example.com", "of.example.com", "FTLS5021")]
    [InlineData("xn--*.example.com", "xn--a.example.com", "FTLS5021")]
    [InlineData("*.*.example.com", "a.b.example.com", "FTLS5021")]
    [InlineData("www.*.com", "www.example.com", "FTLS5021")]
    [InlineData("*", "orders", "FTLS5021")]
    [InlineData("*", "orders.example", "FTLS5021")]
    [InlineData("*.", "orders", "FTLS5021")]
    [InlineData("*.", "orders.", "FTLS5021")]
    [InlineData("*.internal", "orders.internal", "FTLS5023")]
    [InlineData("*.com", "example.com", "FTLS5023")]
    [InlineData("*.com.", "example.com", "FTLS5021")]
    [InlineData("localhost", "localhost", "")]
    [InlineData("", "orders.example", "FTLS5021")]
    public void ADnsName_IsForAHost_OrNot(string name, string host, string? code)
    {
        if (code is null)
        {
            Assert.Throws<ArgumentException>(() => Codes(host, Dns(name)));
            return;
        }

        Assert.Equal(code, Codes(host, Dns(name)));
    }

    /// <summary>Whatever the platform would connect to as an address is one, so no dNSName is for it.</summary>
    [Theory]
    [InlineData("127.0.0.2.", "127.0.0.2")]
    [InlineData("１２７.0.0.2", "127.0.0.2")]
    [InlineData("①②⑦.0.0.2", "127.0.0.2")]
    [InlineData("127。0。0。2", "127.0.0.2")]
    [InlineData("127．0．0．2．", "127.0.0.2")]
    [InlineData("0x7f.0.0.2", "127.0.0.2")]
    [InlineData("0x7f000002", "127.0.0.2")]
    [InlineData("0X7F.2", "127.0.0.2")]
    [InlineData("0177.0.0.2", "127.0.0.2")]
    [InlineData("2130706434", "127.0.0.2")]
    [InlineData("127.2", "127.0.0.2")]
    [InlineData("１２７.2.", "127.0.0.2")]
    [InlineData("[::1]", "::1")]
    [InlineData("::1.", "::1")]
    public void AHostThatSpellsAnAddress_IsThatAddress(string host, string address)
    {
        Assert.Equal("", Codes(host, Address(address)));
        Assert.NotEqual("", Codes(host, Dns(host.Trim('[', ']').Trim('.').Normalize(NormalizationForm.FormKC).Replace('。', '.')), Dns(address)));
        Assert.False(OutboundTlsPolicy.TryCreate(new OutboundTlsOptions { Extensions = new() { ServerName = host } }, out _, out _));
    }

    [Theory]
    [InlineData("256.1.1.1")]
    [InlineData("1.2.3.4.5")]
    [InlineData("a.1")]
    [InlineData("1e3")]
    public void AHostThatOnlyResemblesAnAddress_IsAName(string host) => Assert.Equal("", Codes(host, Dns(host)));

    /// <summary>Many programs end a text there; no honest name has one.</summary>
    [Theory]
    [InlineData("orders.example\0.evil.example")]
    [InlineData("orders.example\0")]
    [InlineData("\0orders.example")]
    public void ADnsNameWithANul_IsRefused_EvenBesideAGoodOne(string name)
    {
        Assert.Equal("FTLS5024", Codes(Pki.Host, Dns(name)));
        Assert.Equal("FTLS5024", Codes(Pki.Host, Dns(name), Dns(Pki.Host)));
        Assert.Equal("FTLS5024", Codes(Pki.Host, Dns(Pki.Host), Dns(name)));
    }

    [Theory]
    [InlineData("b\u00FCcher.example", "bücher.example")]
    [InlineData("orders.ex\u00E4mple", "orders.example")]
    public void ADnsNameThatIsNotAscii_VouchesForNothing(string name, string host)
    {
        Assert.Equal("FTLS5021", Codes(host, Dns(name)));
        Assert.Equal("", Codes(Pki.Host, Dns(name), Dns(Pki.Host)));
    }

    public static TheoryData<string, byte[], string> Addresses => new()
    {
        { "127.0.0.1", Address("127.0.0.1"), "" },
        { "127.0.0.1", Address("127.0.0.2"), "FTLS5021" },
        { "127.0.0.1", Dns("127.0.0.1"), "FTLS5022" },
        { "127.0.0.1", Dns("*.0.0.1"), "FTLS5021" },
        { "127.0.0.1", CertificateNameEncoding.Uri("https://127.0.0.1"), "FTLS5020" },
        { "127.0.0.1", Address("::ffff:127.0.0.1"), "FTLS5021" },
        { "::ffff:127.0.0.1", Address("::ffff:127.0.0.1"), "" },
        { "::ffff:127.0.0.1", Address("127.0.0.1"), "FTLS5021" },
        { "::1", Address("::1"), "" },
        { "0:0::1", Address("::1"), "" },
        { "[2001:DB8::1]", Address("2001:db8:0:0::1"), "" },
        { "2001:db8::1", Address("2001:db8::2"), "FTLS5021" },
        { "::1", Dns("::1"), "FTLS5022" },
        { "fe80::1%1", Address("fe80::1"), "" },
        { "[fe80::1%25]", Address("fe80::1"), "" },
        { "fe80::1%1", Address("fe80::2"), "FTLS5021" },
        { "fe80::1%1", Dns("fe80::1"), "FTLS5022" },
        { "fe80::1%1", Dns("fe80::1%1"), "FTLS5022" },
        { "127.0.0.1", Address([127, 0, 0, 1, 255, 255, 255, 255]), "FTLS5021" },
        { "127.0.0.1", Address([127, 0, 0]), "FTLS5021" },
        { "orders.example", Address("127.0.0.1"), "FTLS5021" },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public void AnAddress_IsNamedByAnIPAddressAlone(string host, byte[] name, string code) => Assert.Equal(code, Codes(host, name));

    /// <summary>It says how to connect, so hosts of two zones stay two; a certificate has none.</summary>
    [Fact]
    public void AZone_IsNoPartOfAnAddress()
    {
        var (one, two) = (HostName.Parse("fe80::1%1"), HostName.Parse("fe80::1%2"));
        var server = Issue("CN=server", AlternativeNames(Address("fe80::2")));
        var refused = Pki.Context(Pki.Trusting()).ValidateServerCertificate(server, [], "fe80::1%1");

        Assert.Equal("fe80::1%1", one.Text);
        Assert.NotEqual(one, two);
        Assert.Equal(one.Address, two.Address);
        Assert.Equal("iPAddress fe80::1", Assert.Single(refused.Failures).Expected);
    }

    [Fact]
    public void TheCommonName_VouchesForNothing()
    {
        Assert.Equal("FTLS5025", Verdict.Of([Pki.Root.Certificate], Pki.Root.Issue($"CN={Pki.Host}", new())).Codes());
        Assert.Equal("FTLS5025", CodesOf(Issue($"CN={Pki.Host}", AlternativeNames(CertificateNameEncoding.Uri("urn:orders"))), Pki.Host));
        Assert.Equal("FTLS5025", CodesOf(Issue("CN=127.0.0.1"), "127.0.0.1"));
        Assert.Equal("FTLS5021", CodesOf(Issue($"CN={Pki.Host}", AlternativeNames(Dns("billing.example"))), Pki.Host));
        Assert.Equal("FTLS5020", CodesOf(Issue("CN=server"), Pki.Host));
        Assert.Equal("FTLS5020", CodesOf(Issue("CN=*.example"), Pki.Host));
        Assert.Equal("FTLS5020", CodesOf(Issue("CN=server", AlternativeNames(Mail("orders@orders.example"))), Pki.Host));
    }

    [Fact]
    public void NamesThatCannotBeRead_AreRefused()
    {
        Assert.Equal("FTLS5024", CodesOf(Issue("CN=server", AlternativeNames()), Pki.Host));
        Assert.Equal("FTLS5024", CodesOf(Issue("CN=server", new X509Extension(CertificateExtension.SubjectAltName, [0x30, 2, 0x9F, 0], false)), Pki.Host));
        Assert.Equal("FTLS5024", CodesOf(Issue("CN=server", AlternativeNames(Dns(Pki.Host), [0x8A, 1, 0x61])), Pki.Host));
    }

    private static string Codes(string host, params byte[][] names) => CodesOf(Issue("CN=server", AlternativeNames(names)), host);

    private static X509Certificate2 Issue(string subject, params X509Extension[] extensions) => Pki.Root.Issue(subject, new() { Extensions = extensions });

    private static string CodesOf(X509Certificate2 certificate, string host)
    {
        var context = Pki.Context(Pki.Trusting());
        return context.ValidateServerCertificate(certificate, [], host).Codes();
    }
}
