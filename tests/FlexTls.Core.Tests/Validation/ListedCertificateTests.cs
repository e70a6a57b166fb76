using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>
/// A server's certificate that is itself in trustedCA is trusted for its bytes: its name, its dates and its key count, and
/// no other rule does. It vouches for nobody else.
/// </summary>
public class ListedCertificateTests
{
    private static readonly X509Extension Names = AlternativeNames(Dns(Pki.Host));

    private static readonly Dictionary<string, Func<X509Certificate2>> Odd = new()
    {
        ["self-signed, without subject and issuer"] = () => TestCA.Root("", new AuthorityOptions { Extensions = [Names] }).Certificate,
        ["a critical extension that nobody understands"] = () => Issue(new X509Extension("1.3.6.1.4.1.55555.1", [5, 0], critical: true)),
        ["for clients"] = () => Issue(new X509EnhancedKeyUsageExtension([new(DecodedCertificate.ClientAuth)], critical: true)),
        ["for signatures of revocation lists"] = () => Issue(new X509KeyUsageExtension(X509KeyUsageFlags.CrlSign, critical: true)),
        ["a CA's"] = () => Pki.Root.Intermediate("CN=server", new AuthorityOptions { Extensions = [Names] }).Certificate,
        ["with constraints for other names"] = () => Issue(Constraints([Dns("billing.example")], [])),
        ["a malformed key identifier"] = () => Renamed(CertificateExtension.SubjectKeyIdentifier),
        ["version 1"] = () => Resigned(parts => parts with { Version = default }),
        ["two signature algorithms"] = () => Resigned(parts => parts with { OuterAlgorithm = "1.2.840.10045.4.3.3" }),
        ["a damaged signature"] = () => CertificateParts.WithDamagedSignature(Issue()),
    };

    public static TheoryData<string> OddForms => [.. Odd.Keys];

    [Theory]
    [MemberData(nameof(OddForms))]
    public async Task OfAnyForm_ItIsAccepted(string name)
    {
        var listed = Odd[name]();

        Verdict.IsAccepted(Verdict.Of([listed, Pki.Foreign.Certificate], listed));
        await Verdict.IsAcceptedInAHandshake(Verdict.Trusting(listed), listed);
        Assert.Equal("FTLS5021", Pki.Context(Verdict.Trusting(listed)).ValidateServerCertificate(listed, [], "billing.example").Codes());
        Assert.False(Verdict.Of([Pki.Foreign.Certificate], listed).IsValid);
    }

    [Fact]
    public async Task ItsName_ItsDates_AndItsKey_Count()
    {
        var (nameless, expired) = (Pki.Root.Issue($"CN={Pki.Host}", new()), Issue());
        var late = Pki.Context(Verdict.Trusting(expired), clock: new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(60)));
        var early = Pki.Context(Verdict.Trusting(expired), clock: new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(-60)));
        var weak = Pki.Root.Issue("CN=server", new() { Key = KeyKind.Rsa1024, DnsNames = [Pki.Host] });

        await Verdict.IsRefusedInAHandshake("FTLS5025", Verdict.Trusting(nameless), nameless);
        Assert.Equal("FTLS5004", late.ValidateServerCertificate(expired, [], Pki.Host).Codes());
        Assert.Equal("FTLS5005", early.ValidateServerCertificate(expired, [], Pki.Host).Codes());
        await Verdict.IsRefusedInAHandshake("FTLS5012", Verdict.Trusting(Pki.Root.Certificate, weak), weak);
    }

    [Fact]
    public async Task IfItIsNoCA_ItVouchesForNobodyElse()
    {
        var extensions = (X509Extension[])[Names, new X509BasicConstraintsExtension(false, false, 0, true)];
        var usage = new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, critical: true);
        using var listed = TestCA.Root("CN=server", new AuthorityOptions { Extensions = [.. extensions, usage] });
        var below = listed.IssueServer(Pki.Host);

        await Verdict.IsAcceptedInAHandshake(Verdict.Trusting(listed.Certificate), listed.Certificate);
        await Verdict.IsRefusedInAHandshake("FTLS5002", Verdict.Trusting(listed.Certificate), below);
        await Verdict.IsRefusedInAHandshake("FTLS5002", Verdict.Trusting(listed.Certificate), below, listed.Certificate);
    }

    [Fact]
    public async Task AboveOthers_AnAnchorKeepsEveryRule()
    {
        using var anchor = TestCA.Root("CN=For clients", new AuthorityOptions { Extensions = [Names, new X509EnhancedKeyUsageExtension([new(DecodedCertificate.ClientAuth)], critical: false)] });

        await Verdict.IsAcceptedInAHandshake(Verdict.Trusting(anchor.Certificate), anchor.Certificate);
        await Verdict.IsRefusedInAHandshake("FTLS5006", Verdict.Trusting(anchor.Certificate), anchor.IssueServer(Pki.Host));
    }

    [Fact]
    public void AnotherCertificateOfTheSameKey_IsNotListed()
    {
        var listed = Issue();
        var other = CertificateParts.Of(listed) with { SerialNumber = new byte[] { 2, 1, 7 } };

        Assert.False(Verdict.Of([listed], other.SignedBy(Pki.Root)).IsValid);
    }

    private static X509Certificate2 Issue(params X509Extension[] extensions) => Pki.Root.Issue("CN=server", new() { Extensions = [Names, .. extensions] });

    private static X509Certificate2 Resigned(Func<CertificateParts, CertificateParts> change)
    {
        var certificate = Issue();
        return change(CertificateParts.Of(certificate)).SignedBy(Pki.Root).CopyWithPrivateKey(certificate.GetECDsaPrivateKey()!);
    }

    /// <summary>The platform's objects look into extensions that they know; so it is made under another name.</summary>
    private static X509Certificate2 Renamed(string oid)
    {
        var certificate = Issue(new X509Extension("2.5.29.99", [5, 0], critical: false));
        var (from, to) = (Convert.ToHexString(Fuzz.Encode.Usages("2.5.29.99"))[4..], Convert.ToHexString(Fuzz.Encode.Usages(oid))[4..]);
        var parts = CertificateParts.Of(certificate);
        var extensions = Convert.FromHexString(Convert.ToHexString(parts.Extensions.Span).Replace(from, to, StringComparison.Ordinal));
        return (parts with { Extensions = extensions }).SignedBy(Pki.Root).CopyWithPrivateKey(certificate.GetECDsaPrivateKey()!);
    }
}
