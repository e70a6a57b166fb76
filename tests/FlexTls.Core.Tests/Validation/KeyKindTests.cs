using System.Security.Cryptography;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>
/// Keys of every kind that the platform verifies with, in servers' chains and in <c>trustedCA</c>; and what a client
/// certificate of such a kind is told.
/// </summary>
public class KeyKindTests
{
    private const string Ed25519 = "ed25519";
    private const string Ed448 = "ed448";
    private const string Pss = "rsa-pss -pkeyopt rsa_keygen_bits:2048";
    private const string LimitedPss = Pss + " -pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32";
    private const string SmallPss = "rsa-pss -pkeyopt rsa_keygen_bits:1024";
    private const string EcP256 = "ec -pkeyopt ec_paramgen_curve:P-256";
    private const string Ed25519Oid = "1.3.101.112";
    private const string MLDsaOid = "2.16.840.1.101.3.4.3.17";
    private static OpenSslCertificate EcRoot => OpenSslCertificate.Root(EcP256);

    public static TheoryData<string, string> KindsAndVersions =>
        [.. from kind in (string[])[Ed25519, Ed448, Pss, LimitedPss] from version in (string[])["1.2", "1.3"] select (kind, version)];

    public static TheoryData<string> Kinds => [Ed25519, Ed448, Pss];

    [Theory]
    [MemberData(nameof(KindsAndVersions))]
    public async Task AChainOfTheKind_IsAccepted_FromTheAnchorToTheServer(string kind, string version)
    {
        var root = OpenSslCertificate.Root(kind);
        var intermediate = root.Intermediate(kind);
        var server = intermediate.Server(kind);
        var options = new OutboundTlsOptions { TrustedCA = root.Crt, MinVersion = Typed.Version(version), MaxVersion = Typed.Version(version) };
        Findings.Accepted(options);

        await using var upstream = await StartAsync(server, intermediate);
        await using var stream = await ConnectAsync(options, upstream);

        Assert.Equal(version, (await upstream.NextAsync(Deadline.Token())).Version);
    }

    [Fact]
    public async Task ATooSmallPssKey_IsRefused_OfAServerAndOfACA()
    {
        var server = EcRoot.Server(SmallPss);
        await using var upstream = await StartAsync(server);

        var refused = await Assert.ThrowsAsync<TlsHandshakeException>(async () =>
            await ConnectAsync(new() { TrustedCA = EcRoot.Crt }, upstream));

        Assert.Equal("FTLS5012", refused.Code);
        Assert.Contains("RSASSA-PSS 1024", refused.ServerCertificate!.Failures[0].Message, StringComparison.Ordinal);
        Findings.Accepted(new OutboundTlsOptions { TrustedCA = EcRoot.Crt + OpenSslCertificate.Root(SmallPss).Crt }, "W:FTLS3011");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AChainWithABadSignatureOfTheKind_IsRefused(string kind)
    {
        var root = OpenSslCertificate.Root(kind);
        var server = root.Server(EcP256).Certificate;

        Verdict.IsAccepted(Verdict.Of([root.Certificate], server));
        Verdict.IsRefused("FTLS5007", Verdict.Of([root.Certificate], CertificateParts.WithDamagedSignature(server)));
    }

    /// <summary>Anybody can sign for such a key, and OpenSSL takes the signature.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0x80)]
    public void AnEd25519KeyOfSmallOrder_VouchesForNothing(byte sign)
    {
        byte[] identity = [1, .. new byte[30], sign];
        var anchor = Pki.Root.IssueAuthorityFor("CN=Everybody", Ed25519Oid, identity);
        var forged = new ForgedSignature(Ed25519Oid, [1, .. new byte[63]]);
        var server = forged.Issue(anchor, "CN=server", AlternativeNames(Dns(Pki.Host)));

        Verdict.IsRefused("FTLS5012", Verdict.Of([Pki.Root.Certificate], server, anchor));
        Findings.Refused(Verdict.Trusting(anchor), "W:FTLS3011", "E:FTLS3012");
    }

    [Fact]
    public void EdwardsPointsOfSmallOrder_AreNotSound()
    {
        byte[] ofOrderEight = Convert.FromHexString("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
        byte[] minusOne = [0xec, .. Enumerable.Repeat<byte>(0xff, 30), 0x7f];
        byte[] minusOneOf448 = [0xfe, .. Enumerable.Repeat<byte>(0xff, 27), 0xfe, .. Enumerable.Repeat<byte>(0xff, 27), 0];

        Assert.False(EdwardsPoint.IsSound(ofOrderEight, isOf448: false));
        Assert.False(EdwardsPoint.IsSound(minusOne, isOf448: false));
        Assert.False(EdwardsPoint.IsSound(new byte[32], isOf448: false));
        Assert.False(EdwardsPoint.IsSound(minusOneOf448, isOf448: true));
        Assert.False(EdwardsPoint.IsSound(new byte[57], isOf448: true));
        Assert.False(EdwardsPoint.IsSound(new byte[31], isOf448: false));
        Assert.False(EdwardsPoint.IsSound(new byte[57], isOf448: false));
    }

    [Fact]
    public void EachKind_CountsByWhatItCosts()
    {
        Assert.Equal(2, CostOf(Ed25519));
        Assert.Equal(4, CostOf(Ed448));
        Assert.Equal(1, CostOf(Pss));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AClientCertificateOfTheKind_CannotBeSignedWith_AndTheMessageSaysSo(string kind)
    {
        var client = EcRoot.Client(kind);
        var options = new OutboundTlsOptions { Certificate = new() { Key = client.Key, Crt = client.Crt } };

        var found = Findings.Refused(options, "E:FTLS3040", "E:FTLS3040");

        Assert.All(found, finding => Assert.Contains(".NET does not sign", finding.Message.Replace("with which ", ""), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task AClientCertificate_UnderACAOfTheKind_IsPresented(string kind)
    {
        var root = OpenSslCertificate.Root(kind);
        var intermediate = root.Intermediate(kind);
        var client = intermediate.Client(EcP256);
        var options = new OutboundTlsOptions { TrustedCA = EcRoot.Crt, Certificate = new() { Key = client.Key, Crt = client.Crt + intermediate.Crt } };
        var server = EcRoot.Server(EcP256);
        await using var upstream = await OpenSslServer.StartAsync(server.Crt, server.Key, root.Crt, ["-Verify", "3"], Deadline.Token());

        await using var stream = await ConnectAsync(options, upstream);

        Assert.Equal(["CN = Root", "CN = Intermediate", "CN = client"], (await upstream.NextAsync(Deadline.Token())).ClientChain);
    }

    [Fact]
    public async Task MLDsa_WhereThePlatformLacksIt_HasACodeOfItsOwn()
    {
        Assert.SkipWhen(PlatformKeys.HasMLDsa, "This platform has ML-DSA.");
        var authority = Pki.Root.IssueAuthorityFor("CN=ML-DSA", MLDsaOid, RandomNumberGenerator.GetBytes(1312), AlternativeNames(Dns(Pki.Host)));
        var below = new ForgedSignature(MLDsaOid, new byte[2420]).Issue(authority, "CN=server", AlternativeNames(Dns(Pki.Host)));

        Assert.Equal("FTLS5031", Verdict.Of([Pki.Root.Certificate], authority).Failures[0].Code);
        Assert.Equal("FTLS5031", Verdict.Of([Pki.Root.Certificate], below, authority).Codes());
        await Verdict.IsRefusedInAHandshake("FTLS5031", Pki.Trusting(), below, authority);
        Findings.Refused(Verdict.Trusting(authority), "W:FTLS3040", "E:FTLS3012");
    }

    private static int CostOf(string kind) => KeyDescription.Of(DecodedCertificate.Of(OpenSslCertificate.Root(kind).Certificate)).Cost;

    private static Task<OpenSslServer> StartAsync(OpenSslCertificate server, params OpenSslCertificate[] sent) => OpenSslServer.StartAsync(
        string.Join('\n', sent.Prepend(server).Select(certificate => certificate.Crt)), server.Key, null, ["-cipher", "ALL:@SECLEVEL=0"], Deadline.Token());

    private static async Task<Stream> ConnectAsync(OutboundTlsOptions options, OpenSslServer server) =>
        await Pki.Context(options).ConnectAsync(new("localhost", server.Port), Deadline.Token());
}
