using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.Validation.Fuzz;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Validation;

/// <summary>A part of a certificate that cannot be read makes that certificate unreadable, and no other.</summary>
public class UnreadablePartsTests
{
    private static readonly CertificateFields Root = Authority("root", FuzzKey.Root);
    private static readonly CertificateFields Server = Dated("server", FuzzKey.Server)
        .With(Oids.SubjectAltName, false, Encode.Sequence(Encode.Dns(Pki.Host)));

    [Theory]
    [InlineData(Oids.SubjectKeyIdentifier)]
    [InlineData(Oids.AuthorityKeyIdentifier)]
    public void AMalformedKeyIdentifier_IsRefused(string oid) =>
        Assert.Contains("FTLS5024", Codes((Server with { NamesIssuerKey = false }).With(oid, false, [5, 0]), Root));

    [Fact]
    public void APathLengthBelowZero_IsRefused() => Assert.Equal(["FTLS5024"], Codes(Server.With(Oids.BasicConstraints, true, Encode.BasicConstraints(false, -1)), Root));

    [Fact]
    public void ADirectoryNameThatIsNone_IsRefused() => Assert.Equal(["FTLS5024"],
        Codes(Server.With(Oids.SubjectAltName, false, Encode.Sequence(Encode.Dns(Pki.Host), Encode.Directory([5, 0]))), Root));

    [Fact]
    public void AnAnchorOfAnyName_MakesAContext_OrIsAnErrorOfThePolicy()
    {
        var pems = NamePools.Subjects.Select(name => PemEncoding.WriteString("CERTIFICATE", CertificateBuilder.Build(Root with { Subject = name }, Root)));
        var policies = pems.Select(pem => OutboundTlsPolicy.TryCreate(new OutboundTlsOptions { TrustedCA = pem }, out var policy, out _) ? policy : null).ToList();

        Assert.Contains(null, policies);
        Assert.All(policies.OfType<OutboundTlsPolicy>(), policy => Assert.NotNull(new TlsContextFactory().Create(policy)));
    }

    [Fact]
    public void APrintableStringWithOtherCharacters_IsAName()
    {
        var root = Root with { Subject = NamePools.Subjects[^3] };

        Assert.Empty(Codes(Server, root));
    }

    [Fact]
    public void AnUnreadableCertificateThatIsNotNeeded_SpoilsNothing()
    {
        var twin = CertificateBuilder.Build(Root with { Version = 3 }, Authority("above", FuzzKey.Foreign));
        var trusted = CertificateBuilder.Build(Server, Root);

        Assert.Empty(Codes(trusted, trusted, [twin]));
    }

    private static List<string> Codes(CertificateFields server, CertificateFields root) => Codes(CertificateBuilder.Build(server, root), CertificateBuilder.Build(root, root), []);

    private static List<string> Codes(byte[] server, byte[] trusted, byte[][] sent)
    {
        var options = new OutboundTlsOptions { TrustAnchors = [X509CertificateLoader.LoadCertificate(trusted)] };
        var context = Pki.Context(options, clock: new FakeTimeProvider(FuzzCase.Now));
        var intermediates = new X509Certificate2Collection(sent.Select(certificate => X509CertificateLoader.LoadCertificate(certificate)).ToArray());
        return [.. context.ValidateServerCertificate(X509CertificateLoader.LoadCertificate(server), intermediates, Pki.Host).Failures.Select(failure => failure.Code)];
    }

    private static CertificateFields Authority(string name, FuzzKey key) => Dated(name, key)
        .With(Oids.BasicConstraints, true, Encode.BasicConstraints(true))
        .With(Oids.SubjectKeyIdentifier, false, Encode.Octets(key.Identifier));

    private static CertificateFields Dated(string name, FuzzKey key) => new(Encode.Name((Encode.CommonName, name)), key)
    {
        NotBefore = Encode.Time(FuzzCase.Now.AddDays(-1)),
        NotAfter = Encode.Time(FuzzCase.Now.AddDays(1)),
    };
}
