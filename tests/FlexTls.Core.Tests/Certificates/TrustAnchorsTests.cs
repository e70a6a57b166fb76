using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Certificates;

public class TrustAnchorsTests
{
    private static readonly string Weak = TestCA.Root("CN=Weak", KeyKind.Rsa1024).Pem;

    [Fact]
    public void SeveralCertificates_AreAllKept()
    {
        var policy = Findings.Accepted(Options(Pki.Root.Pem, Pki.Foreign.Pem));

        Assert.Equal(["CN=FlexTls Test Root", "CN=Foreign Root"], policy.TrustAnchors!.Certificates.Select(c => c.Platform.Subject));
    }

    [Fact]
    public void AWeakOne_IsLeftOut_AndAnErrorIfNoneIsLeft()
    {
        Assert.Equal(["CN=FlexTls Test Root"], Findings.Accepted(Options(Weak, Pki.Root.Pem), "W:FTLS3011").TrustAnchors!.Certificates.Select(c => c.Platform.Subject));
        Findings.Refused(Options(Weak), "W:FTLS3011", "E:FTLS3012");
    }

    [Fact]
    public void ADuplicate_IsLeftOut() =>
        Assert.Single(Findings.Accepted(Options(Pki.Root.Pem, Pki.Root.Pem), "W:FTLS3013").TrustAnchors!.Certificates);

    [Fact]
    public void AnIntermediate_IsAnAnchorLikeAnyOther() => Findings.Accepted(Options(Pki.Intermediate.Pem));

    [Fact]
    public void AnEntryThatIsNoCA_IsKeptWithAWord() => Findings.Accepted(Options(Pki.EcServer.ExportCertificatePem()), "I:FTLS3014");

    [Fact]
    public void ABundleThatIsCutOff_IsAnErrorAndNotAShorterBundle()
    {
        var bundle = Pki.Root.Pem + "\n" + Pki.Foreign.Pem;
        var secondBegin = bundle.LastIndexOf("-----BEGIN", StringComparison.Ordinal);
        for (var length = secondBegin + 1; length < bundle.Length; length++)
        {
            Findings.Refused(Options(bundle[..length]), "E:FTLS3004");
        }
    }

    [Fact]
    public void AKeyAmongTheCertificates_IsRefusedAtItsPlace()
    {
        var found = Findings.Refused(Options(Pki.Root.Pem, Pki.Client.KeyPem()), "E:FTLS3003");

        Assert.Contains("'PRIVATE KEY'", found[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedCertificate_IsRefused() =>
        Findings.Refused(Options("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"), "E:FTLS3005");

    [Fact]
    public void CertificatesFromCode_AreCopied()
    {
        OutboundTlsPolicy policy;
        using (var ca = TestCA.Root("CN=From code"))
        {
            policy = OutboundTlsPolicy.Create(new OutboundTlsOptions { TrustAnchors = [ca.Certificate] });
        }

        var anchor = Assert.Single(policy.TrustAnchors!.Certificates);
        Assert.Equal("CN=From code", anchor.Platform.Subject);
        Assert.False(anchor.Platform.HasPrivateKey);
    }

    private static OutboundTlsOptions Options(params string[] pems) => new() { TrustedCA = string.Join('\n', pems) };
}
