using System.Net.Security;
using Xunit;

namespace FlexTls.Ciphers;

public class CipherSuiteCatalogTests
{
    [Fact]
    public void All_HasThe23SuitesOfTheGateway()
    {
        Assert.Equal(23, CipherSuiteCatalog.All.Count);
        Assert.Equal(23, CipherSuiteCatalog.All.Select(suite => suite.Name).Distinct().Count());
        Assert.Equal(23, CipherSuiteCatalog.All.Select(suite => suite.OpenSslName).Distinct().Count());
    }

    [Fact]
    public void Tls12Defaults_AreInTheGatewaysOrder()
    {
        Assert.Equal(
            [
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            ],
            CipherSuiteCatalog.Tls12Defaults.Select(suite => suite.Name));
    }

    [Fact]
    public void Versions_AreThoseOfTheTable()
    {
        Assert.Equal(3, CipherSuiteCatalog.All.Count(suite => suite.Versions == new TlsVersionRange(TlsVersion.Tls13, TlsVersion.Tls13)));
        Assert.Equal(9, CipherSuiteCatalog.All.Count(suite => suite.Versions == new TlsVersionRange(TlsVersion.Tls12, TlsVersion.Tls12)));
        Assert.Equal(10, CipherSuiteCatalog.All.Count(suite => suite.Versions == new TlsVersionRange(TlsVersion.Tls11, TlsVersion.Tls12)));
        var tripleDes = Assert.Single(CipherSuiteCatalog.All, suite => suite.Versions == new TlsVersionRange(TlsVersion.Tls11, TlsVersion.Tls11));
        Assert.Equal(TlsCipherSuite.TLS_RSA_WITH_3DES_EDE_CBC_SHA, tripleDes.Suite);
        Assert.Equal(5, CipherSuiteCatalog.All.Count(suite => suite.NeedsPreSharedKey));
        Assert.Equal(13, CipherSuiteCatalog.All.Count(suite => suite.Advice == CipherSuiteAdvice.Weak));
    }

    [Fact]
    public void EverySuite_IsFoundByEachOfItsNames()
    {
        foreach (var suite in CipherSuiteCatalog.All)
        {
            Assert.True(CipherSuiteCatalog.TryFind(suite.Name, out var byName));
            Assert.Same(suite, byName);
            Assert.True(CipherSuiteCatalog.TryFind(suite.Suite, out var bySuite));
            Assert.Same(suite, bySuite);
            Assert.Same(suite, CipherSuiteCatalog.FindNearest(suite.Name.ToLowerInvariant()));
            Assert.Equal(!suite.IsTls13, CipherSuiteCatalog.TryFindByOpenSslName(suite.OpenSslName, out _));
        }
    }

    [Theory]
    [InlineData("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA265", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")]
    [InlineData("ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")]
    [InlineData("TLS_RSA_WITH_3DES_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA")]
    [InlineData("swordfish", null)]
    [InlineData("", null)]
    public void FindNearest_FindsWhatWasMeant(string written, string? meant) => Assert.Equal(meant, CipherSuiteCatalog.FindNearest(written)?.Name);

    [Theory]
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")]
    [InlineData("aes256-sha", "TLS_RSA_WITH_AES_256_CBC_SHA")]
    [InlineData("DES-CBC3-SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA")]
    public void TryFindByOpenSslName_GivesTheIanaName(string openSslName, string ianaName)
    {
        Assert.True(CipherSuiteCatalog.TryFindByOpenSslName(openSslName, out var suite));
        Assert.Equal(ianaName, suite.Name);
    }
}
