using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Validation;

/// <summary>A good path is found whatever else is sent with it; where there is none, nothing that was sent makes one.</summary>
public class PathBuildingTests
{
    private const string Name = "CN=Issuing CA";
    private static readonly X509Certificate2 Root = Pki.Root.Certificate;
    private static readonly TestCA Good = Pki.Root.Intermediate(Name);
    private static readonly TestCA OtherKey = Pki.Root.Intermediate(Name);
    private static readonly X509Certificate2 Server = Good.IssueServer(Pki.Host);

    public static TheoryData<bool, bool> Orders => new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task TwoIntermediatesOfOneName_WhateverTheirOrder_AreAccepted(bool isGoodFirst, bool hasKeyIdentifier)
    {
        var server = hasKeyIdentifier ? Server : Good.Issue($"CN={Pki.Host}", new() { DnsNames = [Pki.Host], Without = [CertificateExtension.AuthorityKeyIdentifier] });
        X509Certificate2[] sent = isGoodFirst ? [Good.Certificate, OtherKey.Certificate] : [OtherKey.Certificate, Good.Certificate];

        Verdict.IsAccepted(Verdict.Of([Root], server, sent));
        await Verdict.IsAcceptedInAHandshake(Pki.Trusting(), server, sent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnExpiredIntermediateBesideAGoodOneOfTheSameKey_IsNoMatter(bool isGoodFirst)
    {
        var expired = Pki.Root.CrossSign(Good, new() { NotAfter = DateTimeOffset.UtcNow.AddDays(-1) }).Certificate;
        X509Certificate2[] sent = isGoodFirst ? [Good.Certificate, expired] : [expired, Good.Certificate];

        Verdict.IsAccepted(Verdict.Of([Root], Server, sent));
        await Verdict.IsAcceptedInAHandshake(Pki.Trusting(), Server, sent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARootThatSpellsItsOwnNameInTwoWays_IsAnAnchorLikeAnyOther(bool hasKeyIdentifiers)
    {
        string[] without = hasKeyIdentifiers
            ? [] : [CertificateExtension.SubjectKeyIdentifier, CertificateExtension.AuthorityKeyIdentifier];
        using var root = SpelledTwice("Two Spellings", without);
        using var other = SpelledTwice("Two Spellings", without);
        using var between = root.Intermediate("CN=Between", new AuthorityOptions { Without = without });
        var server = root.Issue("CN=server", new() { DnsNames = [Pki.Host], Without = without });
        var below = between.Issue("CN=server", new() { DnsNames = [Pki.Host], Without = without });
        var foreign = other.Issue("CN=server", new() { DnsNames = [Pki.Host], Without = without });

        Verdict.IsAccepted(Verdict.Of([root.Certificate], server));
        Verdict.IsAccepted(Verdict.Of([root.Certificate], server, root.Certificate));
        Verdict.IsAccepted(Verdict.Of([root.Certificate], below, between.Certificate));
        await Verdict.IsAcceptedInAHandshake(Pki.Trusting(root), server);

        // What is set aside is about the root alone: signatures below it count.
        Assert.False(Verdict.Of([root.Certificate], foreign).IsValid);
        Assert.False(Verdict.Of([root.Certificate], foreign, other.Certificate).IsValid);
        Assert.False(Verdict.Of([Root], server, root.Certificate).IsValid);
    }

    private static TestCA SpelledTwice(string name, string[] without)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        if (without.Length == 0)
        {
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        }

        using var certificate = request.Create(
            new X500DistinguishedName($"CN={name.ToUpperInvariant()}"),
            X509SignatureGenerator.CreateForECDsa(key), DateTimeOffset.UtcNow.AddDays(-2),
            DateTimeOffset.UtcNow.AddDays(200), [7]);
        return TestCA.Over(certificate.CopyWithPrivateKey(key));
    }

    [Fact]
    public void ACrossSignedPathToATrustedRoot_IsFound_WhereTheFirstLeadsToAForeignOne()
    {
        var underForeign = Pki.Foreign.CrossSign(Good).Certificate;

        Verdict.IsAccepted(Verdict.Of([Root], Server, underForeign, Good.Certificate));
        Verdict.IsAccepted(Verdict.Of([Root], Server, underForeign, Pki.Foreign.Certificate, Good.Certificate));
        Verdict.IsAccepted(Verdict.Of([Pki.Foreign.Certificate], Server, Good.Certificate, Root, underForeign));
    }

    [Fact]
    public async Task AnAnchorThatIsAnIntermediate_IsWhereThePathEnds()
    {
        var trusting = Verdict.Trusting(Good.Certificate);

        Verdict.IsAccepted(Verdict.Of([Good.Certificate], Server));
        await Verdict.IsAcceptedInAHandshake(trusting, Server);
        await Verdict.IsAcceptedInAHandshake(trusting, Server, Good.Certificate);
        await Verdict.IsAcceptedInAHandshake(trusting, Server, Good.Certificate, Root);
        var path = Verdict.Of([Good.Certificate], Server, Good.Certificate, Root).Path;
        Assert.Equal([Server.SerialNumber, Good.Certificate.SerialNumber], path.Select(certificate => certificate.SerialNumber));
    }

    [Fact]
    public async Task AnIntermediateAnchorOutOfDate_IsRefused()
    {
        var expired = Pki.Root.CrossSign(Good, new() { NotAfter = DateTimeOffset.UtcNow.AddHours(-1) }).Certificate;
        var early = Pki.Root.CrossSign(Good, new() { NotBefore = DateTimeOffset.UtcNow.AddHours(1) }).Certificate;

        await Verdict.IsRefusedInAHandshake("FTLS5004", Verdict.Trusting(expired), Server);
        await Verdict.IsRefusedInAHandshake("FTLS5004", Verdict.Trusting(expired), Server, expired, Root);
        await Verdict.IsRefusedInAHandshake("FTLS5005", Verdict.Trusting(early), Server);
        await Verdict.IsRefusedInAHandshake("FTLS5005", Verdict.Trusting(early), Server, early, Root);
    }

    [Fact]
    public async Task TheServersCertificateItself_MayBeTheAnchor()
    {
        using var selfSigned = TestCA.Root($"CN={Pki.Host}", new AuthorityOptions { Extensions = [CertificateNameEncoding.AlternativeNames(CertificateNameEncoding.Dns(Pki.Host)), Usable()] });

        await Verdict.IsAcceptedInAHandshake(Verdict.Trusting(selfSigned.Certificate), selfSigned.Certificate);
        await Verdict.IsAcceptedInAHandshake(Verdict.Trusting(Server), Server);
        await Verdict.IsAcceptedInAHandshake(Verdict.Trusting(Server), Server, Good.Certificate, Root);
        await Verdict.IsRefusedInAHandshake("FTLS5003", Verdict.Trusting(Server), Good.IssueServer(Pki.Host));
    }

    [Fact]
    public async Task ADamagedSignature_IsRefused_UnderAnyKindOfAnchor()
    {
        var damaged = CertificateParts.WithDamagedSignature(Server);
        var damagedIntermediate = CertificateParts.WithDamagedSignature(Good.Certificate);

        await Verdict.IsRefusedInAHandshake("FTLS5007", Verdict.Trusting(Good.Certificate), damaged);
        await Verdict.IsRefusedInAHandshake("FTLS5007", Verdict.Trusting(Good.Certificate), damaged, Good.Certificate, Root);
        await Verdict.IsRefusedInAHandshake("FTLS5007", Pki.Trusting(), damaged, Good.Certificate);
        Verdict.IsRefused("FTLS5007", Verdict.Of([Root], Server, damagedIntermediate));
        Verdict.IsAccepted(Verdict.Of([Root], Server, damagedIntermediate, Good.Certificate));
        Assert.False(Verdict.Of([Server], damaged).IsValid);
    }

    [Fact]
    public void AnIntermediateOfAnotherKeyThanTheAnchors_IsRefused_AndMayBeARenewedCA()
    {
        // By its own root, of the name of ours: a CA that was set up anew.
        using var renewed = TestCA.Root();
        using var intermediate = renewed.Intermediate(Name);

        var failure = Assert.Single(Verdict.Of([Root], intermediate.IssueServer(Pki.Host), intermediate.Certificate).Failures);
        Assert.Equal("FTLS5002", failure.Code);
        Assert.Contains("but another key; if the CA was renewed, add the new certificate to trustedCA", failure.Message,
            StringComparison.Ordinal);

        failure = Assert.Single(Verdict.Of([OtherKey.Certificate], Server).Failures);
        Assert.Equal("FTLS5002", failure.Code);
        Assert.Contains("but another key; if the CA was renewed, add the new certificate to trustedCA", failure.Message,
            StringComparison.Ordinal);
        Assert.False(Verdict.Of([OtherKey.Certificate], Server, Good.Certificate, Root).IsValid);
    }

    [Theory]
    [InlineData(CertificateExtension.SubjectKeyIdentifier)]
    [InlineData(CertificateExtension.AuthorityKeyIdentifier)]
    [InlineData(CertificateExtension.KeyUsage)]
    [InlineData(CertificateExtension.BasicConstraints)]
    [InlineData(CertificateExtension.ExtendedKeyUsage)]
    [InlineData(CertificateExtension.SubjectAltName)]
    [InlineData(CertificateExtension.NameConstraints)]
    [InlineData(CertificateExtension.CertificatePolicies)]
    [InlineData(CertificateExtension.PolicyConstraints)]
    public async Task AMalformedIntermediate_DoesNotSpoilAGoodPath(string extension)
    {
        // A boolean, cut off.
        var plain = Pki.Root.CrossSign(Good, new() { Without = [extension], Extensions = [new X509Extension("1.2.3.4", [1, 2], critical: true)] });
        var malformed = WithExtensionRenamed(plain.Certificate, "1.2.3.4", extension);
        var withoutIdentifier = Good.Issue($"CN={Pki.Host}", new() { DnsNames = [Pki.Host], Without = [CertificateExtension.AuthorityKeyIdentifier] });

        Assert.False(Verdict.Of([Root], Server, malformed).IsValid);
        foreach (var server in (X509Certificate2[])[Server, withoutIdentifier])
        {
            Verdict.IsAccepted(Verdict.Of([Root], server, malformed, Good.Certificate));
            Verdict.IsAccepted(Verdict.Of([Root], server, Good.Certificate, malformed));
            Verdict.IsAccepted(Verdict.Of([Root], server, OtherKey.Certificate, malformed, Good.Certificate));
            Verdict.IsAccepted(Verdict.Of([Root], server, malformed, OtherKey.Certificate, Good.Certificate));
        }

        await Verdict.IsAcceptedInAHandshake(Pki.Trusting(), withoutIdentifier, OtherKey.Certificate, malformed, Good.Certificate);
    }

    [Fact]
    public void AnIntermediateThatThePlatformRefuses_DoesNotSpoilAGoodPath()
    {
        // It requires a policy that nobody has: an explicit one, at once.
        var strict = Pki.Root.CrossSign(Good, new() { Extensions = [new X509Extension(CertificateExtension.PolicyConstraints, [0x30, 3, 0x80, 1, 0], critical: true)] }).Certificate;

        Verdict.IsAccepted(Verdict.Of([Root], Server, strict, Good.Certificate));
        Verdict.IsAccepted(Verdict.Of([Root], Server, Good.Certificate, strict));
        TestContext.Current.TestOutputHelper!.WriteLine(Verdict.Of([Root], Server, strict).ToString());
    }

    /// <summary>The platform's objects look into extensions that they know; so it is made under another name.</summary>
    private static X509Certificate2 WithExtensionRenamed(X509Certificate2 certificate, string from, string to)
    {
        var parts = CertificateParts.Of(certificate);
        var extensions = Convert.ToHexString(parts.Extensions.Span).Replace(Oid(from), Oid(to), StringComparison.Ordinal);
        return (parts with { Extensions = Convert.FromHexString(extensions) }).SignedBy(Pki.Root);
    }

    private static string Oid(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        return Convert.ToHexString(writer.Encode());
    }

    private static X509KeyUsageExtension Usable() => new(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, true);
}
