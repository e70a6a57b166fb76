using System.Net.Security;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Policies;

public class OutboundTlsPolicyTests
{
    [Fact]
    public void Default_IsWhatAnEmptyConfigMeans()
    {
        var policy = Findings.Accepted(new OutboundTlsOptions());

        Assert.Equal(OutboundTlsPolicy.Default, policy);
        Assert.False(policy.DangerousSkipValidation);
        Assert.Equal(new TlsVersionRange(TlsVersion.Tls12, TlsVersion.Tls13), policy.Versions);
        Assert.Equal([.. CipherSuiteCatalog.Tls13, .. CipherSuiteCatalog.Tls12Defaults], policy.CipherSuites);
        Assert.Equal(["h2", "http/1.1"], policy.Alpn);
        Assert.False(policy.HasTrustedCA);
        Assert.False(policy.HasClientCertificate);
    }

    [Fact]
    public void GatewayDefault_IsTls12AloneWithoutAlpn()
    {
        var policy = OutboundTlsPolicy.GatewayDefault;

        Assert.NotEqual(OutboundTlsPolicy.Default, policy);
        Assert.Equal(new TlsVersionRange(TlsVersion.Tls12, TlsVersion.Tls12), policy.Versions);
        Assert.Equal(CipherSuiteCatalog.Tls12Defaults, policy.CipherSuites);
        Assert.Empty(policy.Alpn);
        Assert.Empty(policy.Diagnostics);
    }

    [Fact]
    public void Equality_IsThatOfTheConnection()
    {
        Assert.Equal(OutboundTlsPolicy.Create(Pki.MutualTls()), OutboundTlsPolicy.Create(Pki.MutualTls()));
        Assert.Equal(OutboundTlsPolicy.Create(Pki.MutualTls()).GetHashCode(), OutboundTlsPolicy.Create(Pki.MutualTls()).GetHashCode());

        OutboundTlsOptions[] different =
        [
            new(), Pki.Trusting(), Pki.Trusting(Pki.Foreign), Pki.MutualTls(),
            new() { Alpn = ["h2"] }, new() { Alpn = ["http/1.1", "h2"] }, new() { MinVersion = TlsVersion.Tls13 }, new() { MaxVersion = TlsVersion.Tls12 },
            new() { Ciphers = Typed.Suites("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256") }, new() { DangerousSkipValidation = true },
        ];
        Assert.Equal(different.Length, different.Select(OutboundTlsPolicy.Create).Distinct().Count());
    }

    [Fact]
    public void Create_FindsAllFaultsInOneGo_AndPutsEveryOneInTheMessage()
    {
        var found = Findings.Refused(
            new OutboundTlsOptions
            {
                TrustedCA = "not a certificate",
                Certificate = new CertificateOptions { Key = "key" },
                Alpn = ["H2"],
                MinVersion = (TlsVersion)14,
                MaxVersion = default(TlsVersion),
                Ciphers = [(TlsCipherSuite)0xFFFF],
            },
            "E:FTLS2007", "E:FTLS2007", "E:FTLS2011", "E:FTLS2022", "E:FTLS3001", "E:FTLS2004");

        Assert.Equal("error FTLS2007: MinVersion is '14'; TLS versions are 1.1, 1.2 and 1.3.", found[0].ToString());
    }

    [Fact]
    public void SkipValidation_WarnsOfAllThatItSwitchesOff()
    {
        var options = Pki.MutualTls();
        options.DangerousSkipValidation = true;

        var policy = Findings.Accepted(options, "W:FTLS2001", "W:FTLS2003", "W:FTLS2002");

        Assert.True(policy.DangerousSkipValidation);
        Assert.True(policy.HasClientCertificate);
    }

    [Fact]
    public void TextAndCodeForTheSameThing_IsAnError()
    {
        var options = Pki.MutualTls();
        options.TrustAnchors = [Pki.Root.Certificate];
        options.ClientCertificate = Pki.Client;

        Findings.Refused(options, "E:FTLS2005", "E:FTLS2005");
    }

    [Fact]
    public void AnEmptyText_IsAnErrorAndNotTheDefault()
    {
        Findings.Refused(
            new OutboundTlsOptions { TrustedCA = "", Certificate = new CertificateOptions { Key = "", Crt = "" } },
            "E:FTLS1007", "E:FTLS1007", "E:FTLS1007");
        Findings.Refused(Written.Policy(" ", ""), "E:FTLS1007", "E:FTLS1007");
        Findings.Refused(new OutboundTlsOptions { TrustAnchors = [] }, "E:FTLS3012");
        Findings.Refused(new OutboundTlsOptions { Certificate = new CertificateOptions() }, "E:FTLS2004");
    }

    [Fact]
    public void ToString_TellsThePolicyAndNoSecret()
    {
        var text = OutboundTlsPolicy.Create(Pki.MutualTls()).ToString();

        Assert.Equal("TLS 1.2 to 1.3, 9 suites, h2, http/1.1, 1 trusted CA, client certificate", text);
        Assert.DoesNotContain(Pki.Client.KeyPem()[40..60], text, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WithoutOptions_Throws() => Assert.Throws<ArgumentNullException>(() => OutboundTlsPolicy.Create(null!));
}
