using System.Numerics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>What a server can make its certificates of, to mislead, to flood a log or to keep a machine busy.</summary>
public class HostileCertificateTests
{
    private const byte Utf8 = 0x0C;
    private const byte Universal = 0x1C;

    [Fact]
    public void ALongVerdict_IsCut()
    {
        var extensions = Enumerable.Range(1, 90).Select(i => new X509Extension($"1.3.6.1.4.1.55555.{i}", [5, 0], true));
        var server = Pki.Root.Issue($"CN={new string('x', 60)}", new() { Extensions = [AlternativeNames(Dns(Pki.Host)), .. extensions] });
        var parts = CertificateParts.Of(server) with { Subject = NameWith(Utf8, Encoding.ASCII.GetBytes(new string('x', 30_000))) };

        var verdict = Verdict.Of([Pki.Foreign.Certificate], parts.SignedBy(Pki.Root), Pki.Root.Certificate);

        Assert.False(verdict.IsValid);
        Assert.InRange(verdict.Failures.Count, 1, PathRules.MostFailures);
        Assert.InRange(verdict.ToString().Length, 1, 20_000);
    }

    [Fact]
    public void MoreExtensionsThanAnyoneNeeds_AreUnreadable()
    {
        var server = Pki.Root.Issue("CN=server", new() { Extensions = [AlternativeNames(Dns(Pki.Host)), .. Enumerable.Range(1, 101).Select(i => new X509Extension($"1.3.6.1.4.1.55555.{i}", [5, 0], false))] });

        Verdict.IsRefused("FTLS5024", Verdict.Of([Pki.Root.Certificate], server));
    }

    [Theory]
    [InlineData(99, "")]
    [InlineData(100, "FTLS5024")]
    public void MoreUsagesThanAnyoneNeeds_AreUnreadable(int others, string code)
    {
        var usages = Enumerable.Range(1, others).Select(i => $"1.3.6.1.4.1.55555.{i}");
        var server = Pki.Root.Issue("CN=server", new() { DnsNames = [Pki.Host], Usages = [CertificateRequestOptions.ServerAuth, .. usages] });

        Assert.Equal(code, Verdict.Of([Pki.Root.Certificate], server).Codes());
    }

    [Fact]
    public void AllPathsOfAVerdictTogether_AreComparedOnlySoMuch()
    {
        using var authority = Pki.Root.Intermediate("CN=Many", new AuthorityOptions { Extensions = [Constraints([], [.. Enumerable.Range(0, 1000).Select(i => Dns($"x{i}.test"))])] });
        var server = authority.Issue("CN=server", new() { DnsNames = [Pki.Host, .. Enumerable.Range(0, 598).Select(i => $"n{i}.example")] });
        DecodedCertificate[] path = [DecodedCertificate.Of(server), DecodedCertificate.Of(authority.Certificate), DecodedCertificate.Of(Pki.Root.Certificate)];
        var rules = new NameConstraintRules(new VerificationBudget(default));

        Assert.Empty(rules.Check(path));
        Assert.Single(rules.Check(path));

        // The platform compares as much again for every path that it is asked about.
        Assert.True(rules.MayCost(path));
        Assert.False(rules.MayCost(path));
    }

    /// <summary>Signatures of the levels cost the platform 64 times over, if a path were built that our rules refuse.</summary>
    [Fact]
    public void APathThatBreaksARule_IsRefusedBeforeItIsBuilt()
    {
        using var weak = Pki.Root.Intermediate("CN=Weak", KeyKind.Rsa1024);
        DecodedCertificate[] path = [DecodedCertificate.Of(weak.IssueServer(Pki.Host)), DecodedCertificate.Of(weak.Certificate), DecodedCertificate.Of(Pki.Root.Certificate)];

        Assert.True(PathRules.Refuse(path, DateTimeOffset.UtcNow));
        Assert.False(PathRules.Refuse([DecodedCertificate.Of(Pki.EcServer), DecodedCertificate.Of(Pki.Root.Certificate)], DateTimeOffset.UtcNow));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(65536)]
    [InlineData(0x100000001)]
    public void AnRsaKeyWithAnUnsoundExponent_IsWeak(long exponent) => AssertWeak(RsaKey(modulus => modulus, exponent));

    [Fact]
    public void AnRsaKeyWithAnUnsoundModulus_IsWeak()
    {
        AssertWeak(RsaKey(modulus => modulus - 1, 65537));
        AssertWeak(RsaKey(modulus => (modulus << 8192) + 1, 65537));
    }

    [Fact]
    public void AnEcKeyWithoutAPoint_IsWeak() => AssertWeak(Tagged(0x30,
        [.. Tagged(0x30, [.. Tagged(0x06, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]), .. Tagged(0x06, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07])]), .. Tagged(0x03, [0, 0])]));

    [Fact]
    public void MailInASubject_IsConstrainedWhateverKindOfStringItIs()
    {
        using var authority = Pki.Root.Intermediate("CN=No mail", new AuthorityOptions { Extensions = [Constraints([], [Mail("example.org")])] });
        byte[] type = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01];

        foreach (var kind in (byte[])[0x16, 0x12, 0x0C, 0x13])
        {
            AssertSubject(authority, Single(Tagged(0x30, [.. Tagged(0x06, type), .. Tagged(kind, "a@example.org"u8.ToArray())])), isAccepted: false);
        }

        // One that is no text could be any.
        AssertSubject(authority, Single(Tagged(0x30, [.. Tagged(0x06, type), .. Tagged(0x03, [0, .. "a@example.org"u8])])), isAccepted: false);
        AssertSubject(authority, Single(Tagged(0x30, [.. Tagged(0x06, type), .. Tagged(0x16, "a@example.com"u8.ToArray())])), isAccepted: true);
    }

    [Fact]
    public void ANameThatOnlyLooksLikeTwo_IsNotWhatIsPermitted()
    {
        using var authority = Pki.Root.Intermediate("CN=Permits", new AuthorityOptions { Extensions = [Constraints([DirectoryOf(Attribute(10, Utf8, "A"u8), Attribute(11, Utf8, "B"u8))], [])] });

        AssertSubject(authority, Pair(Attribute(10, Utf8, "A"u8), Attribute(11, Utf8, "B"u8)), isAccepted: true);
        AssertSubject(authority, Pair(Attribute(10, Utf8, "A\0"u8), Attribute(11, Utf8, "B"u8)), isAccepted: false);
        AssertSubject(authority, Single(Attribute(10, Utf8, [.. "A\0"u8, .. "2.5.4.11=B"u8])), isAccepted: false);
    }

    [Fact]
    public void AnExcludedName_IsExcludedInEverySpelling()
    {
        using var authority = Pki.Root.Intermediate("CN=Excludes", new AuthorityOptions { Extensions = [Constraints([], [DirectoryOf(Attribute(10, Utf8, "Evil"u8))])] });

        AssertSubject(authority, Single(Attribute(10, Utf8, "Good"u8)), isAccepted: true);
        AssertSubject(authority, Single(Attribute(10, Universal, Encoding.GetEncoding("utf-32BE").GetBytes("Evil"))), isAccepted: false);
        AssertSubject(authority, Single(Attribute(10, Utf8, "\tevil "u8)), isAccepted: false);
        AssertSubject(authority, Single(Attribute(10, 0x13, "EVIL"u8)), isAccepted: false);
        AssertSubject(authority, Single(Attribute(10, Utf8, "Ｅvil"u8)), isAccepted: false);
        AssertSubject(authority, Single(Attribute(10, Utf8, "Ev\u00ADil"u8)), isAccepted: false);

        // What cannot be read could be anything.
        AssertSubject(authority, Single(Attribute(10, 0x03, [0, .. "Evil"u8])), isAccepted: false);
    }

    [Fact]
    public void WhatTurnsTextAround_IsNotShown()
    {
        var server = Pki.Root.Issue("CN=good\u202Eelpmaxe\u200B", new() { DnsNames = ["billing.example"] });

        var text = Verdict.Of([Pki.Root.Certificate], server).ToString();

        Assert.DoesNotContain('\u202E', text);
        Assert.DoesNotContain('\u200B', text);
    }

    private static void AssertWeak(byte[] publicKey)
    {
        var server = (CertificateParts.Of(Pki.EcServer) with { PublicKey = publicKey }).SignedBy(Pki.Root);

        Assert.Equal(KeyVerdict.Weak, KeyDescription.Of(DecodedCertificate.Of(server)).Verdict);
        Assert.False(Verdict.Of([Pki.Root.Certificate], server).IsValid);
    }

    private static byte[] RsaKey(Func<BigInteger, BigInteger> change, long exponent)
    {
        using var rsa = Pki.RsaServer.GetRSAPublicKey()!;
        var modulus = change(new BigInteger(rsa.ExportParameters(false).Modulus!, isUnsigned: true, isBigEndian: true));
        var numbers = Tagged(0x30, [.. Tagged(0x02, modulus.ToByteArray(isBigEndian: true)), .. Tagged(0x02, new BigInteger(exponent).ToByteArray(isBigEndian: true))]);
        byte[] algorithm = [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00];
        return Tagged(0x30, [.. algorithm, .. Tagged(0x03, [0, .. numbers])]);
    }

    private static void AssertSubject(TestCA authority, byte[] subject, bool isAccepted)
    {
        var server = (CertificateParts.Of(authority.IssueServer(Pki.Host)) with { Subject = subject }).SignedBy(authority);

        var verdict = Verdict.Of([Pki.Root.Certificate], server, authority.Certificate);

        Assert.True((isAccepted ? "" : "FTLS5009") == verdict.Codes(), verdict.ToString());
    }

    private static byte[] NameWith(byte kind, byte[] commonName) => Single(Attribute(3, kind, commonName));

    private static byte[] DirectoryOf(params byte[][] attributes) => Tagged(0xA4, attributes.Length == 1 ? Single(attributes[0]) : Pair(attributes[0], attributes[1]));

    /// <summary>A Name of one relative name with one attribute.</summary>
    private static byte[] Single(byte[] attribute) => Tagged(0x30, Tagged(0x31, attribute));

    /// <summary>A Name of one relative name with two attributes.</summary>
    private static byte[] Pair(byte[] first, byte[] second) => Tagged(0x30, Tagged(0x31, [.. first, .. second]));

    /// <summary>An attribute 2.5.4.<paramref name="type"/>.</summary>
    private static byte[] Attribute(byte type, byte kind, ReadOnlySpan<byte> value) => Tagged(0x30, [6, 3, 0x55, 4, type, .. Tagged(kind, value.ToArray())]);

    private static byte[] Tagged(byte tag, byte[] content) => content.Length switch
    {
        < 0x80 => [tag, (byte)content.Length, .. content],
        < 0x100 => [tag, 0x81, (byte)content.Length, .. content],
        _ => [tag, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content],
    };
}
