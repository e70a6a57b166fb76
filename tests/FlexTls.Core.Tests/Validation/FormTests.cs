using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>What is asked of the form of certificates; both sides of every rule.</summary>
public class FormTests
{
    private const string PrivateExtension = "1.3.6.1.4.1.55555.1";
    private static readonly byte[] Null = [5, 0];
    private static readonly X509Extension HostName = AlternativeNames(Dns(Pki.Host));

    [Theory]
    [InlineData(PrivateExtension, true, "FTLS5010")]
    [InlineData(PrivateExtension, false, "")]
    [InlineData("2.5.29.46", true, "FTLS5010")] // freshestCRL: revocation lists are not looked at, so no promise about them is kept.
    public void AnUnknownExtension_IsRefusedWhereItIsCritical(string oid, bool isCritical, string code)
    {
        var extension = new X509Extension(oid, Null, isCritical);

        AssertCode(code, UnderARoot([extension]));
        AssertCode(code, UnderAnIntermediate(new() { Extensions = [extension] }));
        AssertCode(code, UnderARoot(new AuthorityOptions { Extensions = [extension] }));
    }

    [Fact]
    public void AKnownExtension_MayBeCritical()
    {
        using var root = TestCA.Root("CN=Critical Root");
        var server = root.Issue("CN=server", new()
        {
            Extensions =
            [
                AlternativeNames(isCritical: true, Dns(Pki.Host)),
                new X509EnhancedKeyUsageExtension([new(CertificateRequestOptions.ServerAuth)], critical: true),
                new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true),
                new X509Extension(CertificateExtension.CertificatePolicies, [0x30, 5, 0x30, 3, 6, 1, 0x2A], critical: true),
            ],
        });

        AssertCode("", Verdict.Of([root.Certificate], server));
    }

    /// <summary>A PrintableString has neither '*' nor '&amp;' nor '_'; OpenSSL's tools and old CAs write them into it all the same.</summary>
    [Theory]
    [InlineData("*.orders.example")]
    [InlineData("AT&T Issuing_CA")]
    public void ANameThatIsNoProperPrintableString_IsReadAllTheSame(string name)
    {
        var subject = PrintableName(name);
        var server = (CertificateParts.Of(Pki.EcServer) with { Subject = subject }).SignedBy(Pki.Root);
        using var authority = Pki.Root.Intermediate();
        var intermediate = (CertificateParts.Of(authority.Certificate) with { Subject = subject }).SignedBy(Pki.Root);
        using var issuer = TestCA.Over(intermediate.CopyWithPrivateKey(authority.Certificate.GetECDsaPrivateKey()!));

        AssertCode("", Verdict.Of([Pki.Root.Certificate], server));
        AssertCode("", Verdict.Of([Pki.Root.Certificate], (CertificateParts.Of(issuer.IssueServer(Pki.Host)) with { Issuer = subject }).SignedBy(issuer), intermediate));
        AssertCode("", Verdict.Of([intermediate], (CertificateParts.Of(issuer.IssueServer(Pki.Host)) with { Issuer = subject }).SignedBy(issuer)));
    }

    [Fact]
    public void AVersionBeforeThree_IsForServersAndAnchors()
    {
        using var modern = TestCA.Root("CN=Old Root");
        var old = (CertificateParts.Of(modern.Certificate) with { Version = default, Extensions = default }).SignedBy(modern);
        using var issuer = TestCA.Over(old.CopyWithPrivateKey(modern.Certificate.GetECDsaPrivateKey()!));
        using var intermediate = Pki.Root.Intermediate("CN=Old CA");
        var server = CertificateParts.Of(Pki.EcServer);
        var oldIntermediate = CertificateParts.Of(intermediate.Certificate) with { Version = default };

        AssertCode("", Verdict.Of([old], issuer.IssueServer(Pki.Host)));
        AssertCode("", Verdict.Of([Pki.Root.Certificate], (server with { Version = default }).SignedBy(Pki.Root)));
        AssertCode("FTLS5025", Verdict.Of([Pki.Root.Certificate], (server with { Version = default, Extensions = default }).SignedBy(Pki.Root)));
        AssertCode("FTLS5018", Verdict.Of([Pki.Root.Certificate], intermediate.IssueServer(Pki.Host), oldIntermediate.SignedBy(Pki.Root)));
        Assert.Contains("FTLS5018", Verdict.Of([Pki.Root.Certificate], intermediate.IssueServer(Pki.Host), (oldIntermediate with { Extensions = default }).SignedBy(Pki.Root)).Codes(), StringComparison.Ordinal);
    }

    [Fact]
    public void TwoSignatureAlgorithms_AreRefused()
    {
        var parts = CertificateParts.Of(Pki.EcServer);

        AssertCode("", Verdict.Of([Pki.Root.Certificate], parts.SignedBy(Pki.Root)));
        Assert.Contains("FTLS5018", Verdict.Of([Pki.Root.Certificate], (parts with { OuterAlgorithm = "1.2.840.10045.4.3.3" }).SignedBy(Pki.Root)).Codes(), StringComparison.Ordinal);
    }

    [Fact]
    public void NamesOfACA_AreReadable()
    {
        AssertCode("", UnderAnIntermediate(new() { Extensions = [AlternativeNames(Dns("ca.example"))] }));
        AssertCode("FTLS5024", UnderAnIntermediate(new() { Extensions = [AlternativeNames(Dns("ca\0.example"))] }));
        AssertCode("FTLS5024", UnderAnIntermediate(new() { Extensions = [AlternativeNames()] }));
    }

    private static ServerCertificateValidationResult UnderARoot(X509Extension[] extensions) =>
        Verdict.Of([Pki.Root.Certificate], Pki.Root.Issue("CN=server", new() { Extensions = [HostName, .. extensions] }));

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
