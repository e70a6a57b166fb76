using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>
/// Names that are made to be slow: a run of combining marks costs the platform's normalization the square of its length.
/// An attacker needs no CA for them, only the name of one.
/// </summary>
public class LongNameTests
{
    private const string Issuer = "CN=One of many";
    private const long MostBytes = 8 * 1024 * 1024;
    private static readonly TestCA Impostor = TestCA.Root(Pki.Root.Certificate.Subject);
    private static readonly TestCA Untold = Impostor.Intermediate(Issuer);
    private static readonly X509Certificate2[] Namesakes =
        [.. Enumerable.Range(0, 64).Select(_ => Impostor.Intermediate(Issuer).Certificate)];

    private static readonly Dictionary<string, Func<(X509Certificate2 Server, X509Certificate2[] Sent)>> Shapes = new()
    {
        ["one long directoryName"] = () => (WithDirectoryNames(Name(Marks(28_000))), Namesakes),
        ["many directoryNames"] = () => (WithDirectoryNames([.. Enumerable.Range(0, 28).Select(_ => Name(Marks(1000)))]), Namesakes),
        ["a long subject"] = () => (WithSubject(Name(Marks(28_000))), Namesakes),
        ["a long issuer"] = UnderALongName,
    };

    public static TheoryData<string> ShapeNames => [.. Shapes.Keys];

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void OnManyPaths_EachNameIsReadOnce(string shape)
    {
        var (server, sent) = Shapes[shape]();
        var context = Pki.Context(Pki.Trusting());
        X509Certificate2Collection collection = [.. sent];
        Assert.True(context.ValidateServerCertificate(Pki.EcServer, [], Pki.Host).IsValid);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var verdict = context.ValidateServerCertificate(server, collection, Pki.Host);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.False(verdict.IsValid);
        Assert.InRange(allocated, 0, MostBytes);
    }

    /// <summary>What is normalized is the same in another composition; what is too long for it differs.</summary>
    [Theory]
    [InlineData(ComparableLength, true)]
    [InlineData(ComparableLength + 1, false)]
    [InlineData(50_000, false)]
    public void ALongText_IsComparedAsBytes(int length, bool isNormalized)
    {
        var text = Marks(length);
        var swapped = text[0] + new string([.. text[1..].Order()]);

        Assert.Equal(isNormalized, DistinguishedName.Of(Name(text)).Equals(DistinguishedName.Of(Name(swapped))));
        Assert.Equal(isNormalized, DistinguishedName.Of(Name(text)).IsComparable);
        Assert.Equal(DistinguishedName.Of(Name(text)), DistinguishedName.Of(Name(text)));
        var (lower, upper) = (Name(new string('a', length)), Name(new string('A', length)));
        Assert.Equal(isNormalized, DistinguishedName.Of(lower).Equals(DistinguishedName.Of(upper)));
    }

    [Fact]
    public void ALongIssuer_IsFoundByItsBytes()
    {
        var name = Name(new string('x', 10_000));
        using var plain = Pki.Root.Intermediate("CN=plain");
        var authority = (CertificateParts.Of(plain.Certificate) with { Subject = name }).SignedBy(Pki.Root);
        var server = (CertificateParts.Of(plain.IssueServer(Pki.Host)) with { Issuer = name }).SignedBy(plain);

        Verdict.IsAccepted(Verdict.Of([Pki.Root.Certificate], server, Pki.Intermediate.Certificate, authority));
    }

    [Fact]
    public void ALongDirectoryName_IsRefusedUnderAConstraint_AndNowhereElse()
    {
        var constraints = Constraints([], [Directory("O=Other")]);
        using var authority = Pki.Root.Intermediate("CN=Excludes", new AuthorityOptions { Extensions = [constraints] });
        X509Extension[] names = [AlternativeNames(Dns(Pki.Host), Directory(Name(new string('x', 10_000))))];

        var (under, elsewhere) = (authority.Issue("CN=s", new() { Extensions = names }), Pki.Root.Issue("CN=s", new() { Extensions = names }));
        Verdict.IsRefused("FTLS5009", Verdict.Of([Pki.Root.Certificate], under, authority.Certificate));
        Verdict.IsAccepted(Verdict.Of([Pki.Root.Certificate], elsewhere));
    }

    [Fact]
    public void ALongHost_IsRefusedBeforeItIsReadAsOne()
    {
        var host = Marks(29_000);
        Assert.Throws<ArgumentException>(() => HostName.Parse("a b"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ArgumentException>(() => HostName.Parse(host));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
    }

    private const int ComparableLength = 256;

    private static X509Certificate2 WithDirectoryNames(params byte[][] names) =>
        Untold.Issue("CN=s", new() { Extensions = [AlternativeNames([Dns(Pki.Host), .. names.Select(Directory)])] });

    private static X509Certificate2 WithSubject(byte[] name) =>
        (CertificateParts.Of(Untold.IssueServer(Pki.Host)) with { Subject = name }).SignedBy(Untold);

    private static (X509Certificate2 Server, X509Certificate2[] Sent) UnderALongName()
    {
        var name = Name(Marks(11_000));
        using var middle = Untold.Intermediate("CN=middle");
        var server = (CertificateParts.Of(middle.IssueServer(Pki.Host)) with { Issuer = name }).SignedBy(middle);
        return (server, [(CertificateParts.Of(middle.Certificate) with { Subject = name }).SignedBy(Untold), .. Namesakes]);
    }

    private static byte[] Directory(byte[] name)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 4)))
        {
            writer.WriteEncodedValue(name);
        }

        return writer.Encode();
    }

    private static byte[] Directory(string name) => CertificateNameEncoding.Directory(name);

    private static byte[] Name(string organization)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.5.4.10");
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, organization);
        }

        return writer.Encode();
    }

    /// <summary>A letter and marks that stand above and below it by turns: each changes places with all before it.</summary>
    private static string Marks(int length) =>
        "a" + string.Concat(Enumerable.Range(1, length - 1).Select(i => i % 2 == 0 ? '\u0301' : '\u0323'));
}
