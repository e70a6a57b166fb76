using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Validation;

/// <summary>A server's certificate is for a server, and a CA's for a CA of servers; both sides of every rule.</summary>
public class UsageTests
{
    private const string ServerAuth = CertificateRequestOptions.ServerAuth;
    private const string ClientAuth = CertificateRequestOptions.ClientAuth;
    private const string AnyUsage = "2.5.29.37.0";
    private const X509KeyUsageFlags Signing = X509KeyUsageFlags.DigitalSignature;

    [Theory]
    [InlineData("", "")]
    [InlineData(ServerAuth, "")]
    [InlineData(ClientAuth + " " + ServerAuth, "")]
    [InlineData(ClientAuth, "FTLS5006")]
    [InlineData(AnyUsage, "")]
    [InlineData(AnyUsage + " " + ServerAuth, "")]
    [InlineData(AnyUsage + " " + ClientAuth, "")]
    public void TheUsagesOfAServer(string usages, string code) =>
        AssertCode(code, Verdict.Of([Pki.Root.Certificate], Pki.Root.Issue("CN=server", new() { DnsNames = [Pki.Host], Usages = usages.Split(' ', StringSplitOptions.RemoveEmptyEntries) })));

    [Theory]
    [InlineData(ServerAuth, "")]
    [InlineData(ClientAuth + " " + ServerAuth, "")]
    [InlineData(AnyUsage + " " + ServerAuth, "")]
    [InlineData(AnyUsage, "")]
    [InlineData(ClientAuth, "FTLS5006")]
    public void TheUsagesOfACA(string usages, string code)
    {
        var extension = new X509EnhancedKeyUsageExtension([.. usages.Split(' ').Select(usage => new Oid(usage))], false);
        AssertCode(code, UnderAnIntermediate(new() { Extensions = [extension] }));
        AssertCode(code, UnderARoot(new() { Extensions = [extension] }));
    }

    [Theory]
    [InlineData(X509KeyUsageFlags.DigitalSignature, "")]
    [InlineData(X509KeyUsageFlags.KeyEncipherment, "")]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation | X509KeyUsageFlags.DecipherOnly, "")]
    [InlineData(X509KeyUsageFlags.NonRepudiation, "FTLS5016")]
    [InlineData(X509KeyUsageFlags.DataEncipherment | X509KeyUsageFlags.DecipherOnly, "FTLS5016")]
    [InlineData(X509KeyUsageFlags.CrlSign, "FTLS5016")]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, "")]
    [InlineData(X509KeyUsageFlags.KeyCertSign, "FTLS5016")]
    public void TheKeyUsageOfAServer(X509KeyUsageFlags usages, string code) =>
        AssertCode(code, Verdict.Of([Pki.Root.Certificate], Pki.Root.Issue("CN=server", new() { DnsNames = [Pki.Host], Extensions = [new X509KeyUsageExtension(usages, true)] })));

    [Theory]
    [InlineData(X509KeyUsageFlags.KeyCertSign, "")]
    [InlineData(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, "")]
    [InlineData(X509KeyUsageFlags.CrlSign, "FTLS5016 FTLS5008")]
    [InlineData(X509KeyUsageFlags.DigitalSignature, "FTLS5016 FTLS5008")]
    public void TheKeyUsageOfACA(X509KeyUsageFlags usages, string code)
    {
        AssertCode(code, UnderAnIntermediate(new() { Extensions = [new X509KeyUsageExtension(usages, true)] }));
        AssertCode(code, UnderARoot(new() { Extensions = [new X509KeyUsageExtension(usages, true)] }));
    }

    [Fact]
    public void WithoutAKeyUsage_EverythingIsAllowed()
    {
        AssertCode("", UnderAnIntermediate(new() { Without = [CertificateExtension.KeyUsage] }));
        AssertCode("", UnderARoot(new() { Without = [CertificateExtension.KeyUsage] }));
    }

    [Fact]
    public void ACACertificate_MayBeAServersToo()
    {
        var names = CertificateNameEncoding.AlternativeNames(CertificateNameEncoding.Dns(Pki.Host));
        var options = new AuthorityOptions { Extensions = [names, new X509KeyUsageExtension(Signing | X509KeyUsageFlags.KeyCertSign, true)] };
        using var intermediate = Pki.Root.Intermediate("CN=server", options);
        using var certifyingOnly = Pki.Root.Intermediate("CN=server", new AuthorityOptions { Extensions = [names] });

        AssertCode("", Verdict.Of([Pki.Root.Certificate], intermediate.Certificate));
        AssertCode("", Verdict.Of([intermediate.Certificate], intermediate.Certificate));
        AssertCode("", Verdict.Of([Pki.Root.Certificate], certifyingOnly.Certificate));
    }

    [Fact]
    public void WhatIsNoCA_CertifiesNothing()
    {
        var noCA = new X509BasicConstraintsExtension(false, false, 0, true);

        AssertCode("FTLS5008", UnderAnIntermediate(new() { Extensions = [noCA] }));
        AssertCode("FTLS5008", UnderAnIntermediate(new() { Without = [CertificateExtension.BasicConstraints] }));
        AssertCode("FTLS5002 FTLS5008", UnderARoot(new() { Extensions = [noCA] }));
        AssertCode("FTLS5002", UnderARoot(new() { Without = [CertificateExtension.BasicConstraints] }));
    }

    [Theory]
    [InlineData(2, "")]
    [InlineData(1, "")]
    [InlineData(0, "FTLS5008")]
    public void AChain_IsNoLongerThanACAAllows(int pathLength, string code)
    {
        using var above = Pki.Root.Intermediate("CN=Above", new AuthorityOptions { PathLength = pathLength });
        using var below = above.Intermediate("CN=Below");
        using var root = TestCA.Root("CN=Short Root", new AuthorityOptions { PathLength = pathLength });
        using var underRoot = root.Intermediate("CN=Under Short Root");

        AssertCode(code, Verdict.Of([Pki.Root.Certificate], below.IssueServer(Pki.Host), below.Certificate, above.Certificate));
        AssertCode("", Verdict.Of([Pki.Root.Certificate], above.IssueServer(Pki.Host), above.Certificate));
        AssertCode(code, Verdict.Of([root.Certificate], underRoot.IssueServer(Pki.Host), underRoot.Certificate));
        AssertCode(code, Verdict.Of([above.Certificate], below.IssueServer(Pki.Host), below.Certificate));
    }

    private static ServerCertificateValidationResult UnderAnIntermediate(AuthorityOptions options)
    {
        using var intermediate = Pki.Root.Intermediate("CN=Odd CA", options);
        return Verdict.Of([Pki.Root.Certificate], intermediate.IssueServer(Pki.Host), intermediate.Certificate);
    }

    private static ServerCertificateValidationResult UnderARoot(AuthorityOptions options)
    {
        using var root = TestCA.Root("CN=Odd Root", options);
        return Verdict.Of([root.Certificate], root.IssueServer(Pki.Host));
    }

    private static void AssertCode(string code, ServerCertificateValidationResult result) => Assert.True(result.Codes() == code, $"expected '{code}': {result}");
}
