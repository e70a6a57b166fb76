using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>
/// Authority key identifiers of the long form, as <c>authorityKeyIdentifier = keyid,issuer:always</c> of OpenSSL writes
/// them, over CAs that were renewed: the platform takes no other certificate than the one that is named.
/// </summary>
public class IssuerReferenceTests
{
    private static readonly TestCA Root = TestCA.Root("CN=Long Root");
    private static readonly TestCA OldIntermediate = Root.Intermediate("CN=Long Intermediate");
    private static readonly TestCA NewIntermediate = Root.CrossSign(OldIntermediate);

    [Fact]
    public async Task ARenewedIntermediate_IsRefusedWithTheReason()
    {
        var server = Issue(OldIntermediate, LongForm(OldIntermediate.Certificate));

        Verdict.IsAccepted(Verdict.Of([Root.Certificate], server, OldIntermediate.Certificate));
        Verdict.IsAccepted(Verdict.Of([Root.Certificate], server, NewIntermediate.Certificate, OldIntermediate.Certificate));
        AssertRefused(Verdict.Of([Root.Certificate], server, NewIntermediate.Certificate));
        await Verdict.IsRefusedInAHandshake("FTLS5029", Pki.Trusting(Root), server, NewIntermediate.Certificate);
    }

    [Fact]
    public void ARenewedRoot_IsRefusedWithTheReason()
    {
        var renewed = Renewed(Root);
        var intermediate = Root.Intermediate("CN=I", new AuthorityOptions { Extensions = [LongForm(Root.Certificate)] });
        var server = intermediate.IssueServer(Pki.Host);

        AssertRefused(Verdict.Of([renewed], server, intermediate.Certificate));
        Verdict.IsAccepted(Verdict.Of([renewed, Root.Certificate], server, intermediate.Certificate));
    }

    /// <summary>Both are listed, and the user wonders why the renewed one does not count.</summary>
    [Fact]
    public void ARenewedRoot_BesideTheExpiredOne_IsNamedToo()
    {
        using var expired = TestCA.Root("CN=Expired", notAfter: DateTimeOffset.UtcNow.AddHours(-1));
        var intermediate = expired.Intermediate("CN=I", new AuthorityOptions { Extensions = [LongForm(expired.Certificate)] });

        var verdict = Verdict.Of([expired.Certificate, Renewed(expired)], intermediate.IssueServer(Pki.Host), intermediate.Certificate);

        Assert.Equal("FTLS5004 FTLS5029", verdict.Codes());
    }

    /// <summary>A server needs no CA for that, only the name of one; the checks of such keys could cost much.</summary>
    [Fact]
    public void AnIssuerWithAKeyThatIsNotAccepted_IsNotVerifiedWith()
    {
        using var impostor = TestCA.Root("CN=Impostor");
        using var foreign = TestCA.Root("CN=Impostor", new AuthorityOptions { Key = KeyKind.EcSecp256k1 });
        var nobody =
            X509AuthorityKeyIdentifierExtension.CreateFromIssuerNameAndSerialNumber(
                impostor.Certificate.SubjectName, [1, 2, 3]);

        Assert.Equal("FTLS5003", Verdict.Of([Root.Certificate], Issue(impostor, nobody), foreign.Certificate).Codes());
    }

    /// <summary>A server needs no CA for that, only the name of one.</summary>
    [Fact]
    public void ALongNameInTheIdentifier_IsDecodedOnce_HoweverManyCertificatesItIsComparedWith()
    {
        using var impostor = TestCA.Root("CN=Impostor");
        using var other = TestCA.Root("CN=Impostor");
        var identifier = OfIssuer(string.Concat(Enumerable.Repeat("\u0315\u0300", 120)), count: 50);
        var server = Issue(impostor, identifier);
        X509Certificate2[] decoys = [.. Enumerable.Range(0, 100).Select(i => other.CrossSign(other).Certificate)];
        var context = Pki.Context(Pki.Trusting(Root));
        context.ValidateServerCertificate(server, [decoys[0]], Pki.Host);

        var before = GC.GetAllocatedBytesForCurrentThread();
        context.ValidateServerCertificate(server, [.. decoys], Pki.Host);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000_000);
    }

    /// <summary>The paths are then pruned without building them.</summary>
    [Theory]
    [InlineData("1.3.101.112")]
    [InlineData("2.16.840.1.101.3.4.3.17")]
    [InlineData("1.2.840.113549.1.1.10")]
    public void AnEcKey_DidNotMakeASignatureOfAnotherKind(string algorithm)
    {
        using var forged = new ForgedSignature(algorithm, [0]).Issue(Root.Certificate, "CN=forged", AlternativeNames(Dns(Pki.Host)));

        Assert.True(SignatureRules.IsBad(DecodedCertificate.Of(forged), DecodedCertificate.Of(Root.Certificate)));
    }

    /// <summary>By another CA: only the issuer's name differs, the form has no serial number.</summary>
    [Fact]
    public void ACrossSignedIntermediate_IsRefusedWithTheReason()
    {
        byte[] names = new X509Extension("1.2", Directory("CN=Another Root"), false).RawData;
        var ofIssuer = new X509Extension("2.5.29.35", [0x30, (byte)(names.Length + 2), 0xa1, (byte)names.Length, .. names], false);

        AssertRefused(Verdict.Of([Root.Certificate], Issue(OldIntermediate, ofIssuer), OldIntermediate.Certificate));
    }

    [Fact]
    public void AnotherKey_IsAnotherCA_AsEver()
    {
        using var impostor = TestCA.Root(Root.Certificate.Subject);
        var server = Issue(Root, LongForm(Root.Certificate));
        var withoutKey = Issue(Root, X509AuthorityKeyIdentifierExtension.CreateFromIssuerNameAndSerialNumber(Root.Certificate.IssuerName, Root.Certificate.SerialNumberBytes.Span));

        Assert.Equal("FTLS5002", Verdict.Of([impostor.Certificate], server).Codes());
        Assert.Equal("FTLS5002", Verdict.Of([impostor.Certificate], withoutKey).Codes());
    }

    private static void AssertRefused(ServerCertificateValidationResult verdict)
    {
        Assert.Equal("FTLS5029", verdict.Codes());
        Assert.Contains("authorityKeyIdentifier = keyid", verdict.Failures[0].Hint, StringComparison.Ordinal);
    }

    private static X509AuthorityKeyIdentifierExtension LongForm(X509Certificate2 authority) =>
        X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: true);

    private static X509Certificate2 Issue(TestCA authority, X509Extension identifier) =>
        authority.Issue("CN=server", new() { DnsNames = [Pki.Host], Extensions = [identifier] });

    /// <summary>Another certificate of the same name and key, signed by itself.</summary>
    private static X509Certificate2 Renewed(TestCA authority)
    {
        var key = authority.Certificate.GetECDsaPrivateKey()!;
        var request = new CertificateRequest(authority.Certificate.SubjectName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(100));
    }

    private static X509Extension OfIssuer(string name, int count)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 4)))
        using (writer.PushSequence())
        {
            for (var i = 0; i < count; i++)
            {
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("2.5.4.3");
                    writer.WriteCharacterString(UniversalTagNumber.UTF8String, name);
                }
            }
        }

        return new X509Extension("2.5.29.35", writer.Encode(), false);
    }
}
