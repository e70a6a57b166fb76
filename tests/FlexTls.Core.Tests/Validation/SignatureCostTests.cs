using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>What signatures cost on many paths: each is checked once, and counts by its key.</summary>
public class SignatureCostTests
{
    private const int Ways = 64;
    private const int Levels = 12;

    /// <summary>It takes no CA, only the name of one.</summary>
    [Fact]
    public void PathsUnderAnAnchorThatSignedNone_AreNotBuilt_ForOneCheckEach()
    {
        using var impostor = TestCA.Root(Pki.Root.Certificate.Subject);
        var (server, sent) = ManyWays(impostor, new AuthorityOptions());
        var verification = new Verification(server, [.. sent], DateTimeOffset.UtcNow, default);

        var paths = Paths(verification);

        Assert.Equal(Ways, paths.Count);
        Assert.All(paths, path => Assert.True(verification.Signatures.Refuses(path)));
        Assert.All(paths, path => Assert.True(verification.Signatures.Refuses(path)));
        Assert.Equal(Ways, verification.Signatures.Count);
        Assert.False(verification.Budget.IsExhausted);
    }

    [Fact]
    public void PathsWithGoodSignatures_AreBuiltOnlySoOften_AndTheVerdictSaysSo()
    {
        // Every path is refused for a name, and the platform would check the same signatures for each.
        var forbids = new AuthorityOptions { Key = KeyKind.EcP384, Extensions = [Constraints([], [Dns(Pki.Host)])] };
        var (server, sent) = ManyWays(Pki.Root, forbids);

        Assert.Equal("FTLS5027 FTLS5009", Verdict.Of([Pki.Root.Certificate], server, sent).Codes());
    }

    [Fact]
    public void APathWithGoodSignatures_IsNotRefused()
    {
        var verification = new Verification(Pki.EcServer, [], default, default);
        X509Certificate2[] good = [Pki.Intermediate.IssueServer(Pki.Host), Pki.Intermediate.Certificate, Pki.Root.Certificate];
        X509Certificate2[] damaged = [CertificateParts.WithDamagedSignature(good[0]), .. good[1..]];
        using var rsa = Pki.Root.Intermediate("CN=RSA", KeyKind.Rsa2048);
        X509Certificate2[] ofRsa = [rsa.IssueServer(Pki.Host), rsa.Certificate, Pki.Root.Certificate];
        X509Certificate2[] ofAnotherKind = [good[0], rsa.Certificate];

        Assert.False(verification.Signatures.Refuses(Decoded(good)));
        Assert.True(verification.Signatures.Refuses(Decoded(damaged)));
        Assert.False(verification.Signatures.Refuses(Decoded(ofRsa)));
        Assert.True(verification.Signatures.Refuses(Decoded(ofAnotherKind)));
    }

    [Fact]
    public void AKey_CountsByItsSizeAndItsExponent()
    {
        Assert.Equal(1, KeyDescription.Of(DecodedCertificate.Of(Pki.EcServer)).Cost);
        Assert.Equal(1, CostOfRsa(2048, 65537));
        Assert.Equal(2, CostOfRsa(4096, 65537));
        Assert.Equal(16, CostOfRsa(8192, uint.MaxValue));
    }

    /// <summary>Keys that are refused anyway may be of kinds whose checks cost hundreds of times as much.</summary>
    [Fact]
    public void AKeyThatIsNotAccepted_IsNeverVerifiedWith()
    {
        var verification = new Verification(Pki.EcServer, [], default, default);
        using var foreign = Pki.Root.Intermediate("CN=Foreign curve", KeyKind.EcSecp256k1);

        Assert.True(
            verification.Signatures.Refuses(
                Decoded([foreign.IssueServer(Pki.Host), foreign.Certificate, Pki.Root.Certificate])));

        // That of the root alone.
        Assert.Equal(1, verification.Signatures.Count);
        Assert.True(verification.Budget.IsExhausted);
    }

    [Fact]
    public void TheCallersToken_EndsTheChecks()
    {
        var verification = new Verification(Pki.EcServer, [], default, new CancellationToken(canceled: true));

        Assert.Throws<OperationCanceledException>(
            () => verification.Signatures.Refuses(Decoded([Pki.EcServer, Pki.Root.Certificate])));
    }

    [Fact]
    public void SignaturesOfTheLargestKeys_AreCheckedOnlySoOften()
    {
        var verification = new Verification(Pki.EcServer, [], default, default);
        var authority = WithKey(8192, uint.MaxValue);
        DecodedCertificate[] path = [DecodedCertificate.Of(Pki.EcServer), .. Enumerable.Repeat(authority, Levels)];

        var built = Enumerable.Range(0, Ways).TakeWhile(_ => verification.Signatures.MayCost(path)).Count();

        Assert.Equal(VerificationBudget.MostSignatures / (Levels * 16), built);
        Assert.True(verification.Budget.IsExhausted);
    }

    [Theory]
    [InlineData(CertificateExtension.CertificatePolicies, 100, "")]
    [InlineData(CertificateExtension.CertificatePolicies, 101, "FTLS5024")]
    [InlineData(CertificateExtension.PolicyMappings, 100, "")]
    [InlineData(CertificateExtension.PolicyMappings, 101, "FTLS5024")]
    public void MorePoliciesThanAnyoneNeeds_AreUnreadable(string extension, int count, string code)
    {
        var options = new AuthorityOptions { Extensions = [Policies(extension, count)] };
        using var authority = Pki.Root.Intermediate("CN=Policies", options);

        var verdict = Verdict.Of([Pki.Root.Certificate], authority.IssueServer(Pki.Host), authority.Certificate);

        Assert.Equal(code, verdict.Codes());
    }

    /// <summary>A server's certificate under levels of CAs, the highest of which is certified in many ways.</summary>
    private static (X509Certificate2 Server, X509Certificate2[] Sent) ManyWays(TestCA anchor, AuthorityOptions options)
    {
        using var highest = TestCA.Root("CN=Highest", new AuthorityOptions { Key = options.Key });
        var levels = new List<TestCA> { highest };
        for (var level = 1; level < Levels; level++)
        {
            levels.Add(levels[^1].Intermediate($"CN=Level {level}", options.Key));
        }

        var ways = Enumerable.Range(0, Ways).Select(_ => anchor.CrossSign(highest, options).Certificate);
        return (levels[^1].IssueServer(Pki.Host), [.. levels.Skip(1).Select(level => level.Certificate), .. ways]);
    }

    private static List<IReadOnlyList<DecodedCertificate>> Paths(Verification verification)
    {
        var roots = new TrustedRoots(OutboundTlsPolicy.Create(Pki.Trusting()).TrustAnchors, trustsSystem: false, owner: null);
        var sent = verification.Sent.Select(verification.DecodeSent).ToList();
        return [.. new PathFinder(roots, goesPastAnchors: false).Find(verification.DecodeSent(verification.Server), sent)];
    }

    private static DecodedCertificate[] Decoded(X509Certificate2[] path) => [.. path.Select(DecodedCertificate.Of)];

    private static int CostOfRsa(int bits, uint exponent) => KeyDescription.Of(WithKey(bits, exponent)).Cost;

    private static DecodedCertificate WithKey(int bits, uint exponent)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger((BigInteger.One << (bits - 1)) + 1);
            writer.WriteInteger(exponent);
        }

        var key = new PublicKey(new("1.2.840.113549.1.1.1"), new AsnEncodedData([5, 0]), new AsnEncodedData(writer.Encode()));
        var parts = CertificateParts.Of(Pki.Intermediate.Certificate) with { PublicKey = key.ExportSubjectPublicKeyInfo() };
        return DecodedCertificate.Of(parts.SignedBy(Pki.Root));
    }

    private static X509Extension Policies(string extension, int count)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            for (var i = 0; i < count; i++)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier($"1.3.6.1.4.1.55555.{i}");
                    if (extension == CertificateExtension.PolicyMappings)
                    {
                        writer.WriteObjectIdentifier($"1.3.6.1.4.1.55555.{i + 1}");
                    }
                }
            }
        }

        return new X509Extension(extension, writer.Encode(), critical: false);
    }
}
