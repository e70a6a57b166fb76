using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>Forms by which an attacker gains nothing are accepted, in whole handshakes; the neighbors by which he would are not.</summary>
public class HarmlessFormTests
{
    private const string AnyUsage = DecodedCertificate.AnyExtendedKeyUsage;
    private const string ServerAuth = DecodedCertificate.ServerAuth;
    private const string ClientAuth = DecodedCertificate.ClientAuth;
    private static readonly X509Extension Names = AlternativeNames(Dns(Pki.Host));
    private static readonly X509Extension NotCriticalConstraints = new(CertificateExtension.PolicyConstraints, [0x30, 3, 0x81, 1, 0], critical: false);
    private static readonly X509Extension ExplicitPolicy = new(CertificateExtension.PolicyConstraints, [0x30, 3, 0x80, 1, 0], critical: true);
    private static readonly X509Extension NoCA = new X509BasicConstraintsExtension(false, false, 0, true);

    private static readonly Dictionary<string, Func<Case>> Good = new()
    {
        ["an intermediate without key identifiers"] = () => Below(new() { Without = [CertificateExtension.SubjectKeyIdentifier, CertificateExtension.AuthorityKeyIdentifier] }),
        ["a server for servers, clients and any usage"] = () => Server(new() { Usages = [ServerAuth, ClientAuth, AnyUsage] }),
        ["a server for any usage"] = () => Server(new() { Usages = [AnyUsage] }),
        ["an empty subject, names that are not critical"] = () => Server(new(), ""),
        ["a server that may certify, and is no CA"] = () => Server(With(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, true))),
        ["a CA's certificate, as openssl req -x509 -CA makes them"] = () => Server(With(new X509BasicConstraintsExtension(true, false, 0, true)) with { Usages = [] }),
        ["a CA's certificate, with a CA's key usage"] = () => Server(With(new X509BasicConstraintsExtension(true, false, 0, true), new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true))),
        ["policy constraints that are not critical"] = () => Below(new() { Extensions = [NotCriticalConstraints] }),
        ["name constraints in a server's certificate"] = () => Server(With(Constraints([Dns("billing.example")], []))),
        ["a server of version 1 with extensions"] = () => OfVersion1(Pki.Root.Issue("CN=server", Named(new()))),
        ["an issuer without a name"] = Nameless,
        ["a root that requires policies, and a CA below it"] = () => BelowRoot(new() { Extensions = [ExplicitPolicy] }),
        ["an intermediate that requires policies, and a CA below it"] = () => BelowTwo(new() { Extensions = [ExplicitPolicy] }),
        ["a root that names two signature algorithms"] = TwoAlgorithms,
        ["a root for any usage, and a CA below it"] = () => BelowRoot(new() { Extensions = [Usages(AnyUsage)] }),
        ["an intermediate for any usage, and a CA below it"] = () => BelowTwo(new() { Extensions = [Usages(AnyUsage)] }),
        ["a dNSName that is not ASCII, beside a good one"] = () => Server(With(AlternativeNames(Dns("b\u00FCro.example"), Dns(Pki.Host)))),
        ["an iPAddress of a wrong length, beside a good name"] = () => Server(With(AlternativeNames(Address("10.0.0.1"u8.ToArray()), Dns(Pki.Host)))),
        ["permitted addresses of version 4, all of version 6 excluded"] = () => Below(new() { Extensions = [Constraints([Network("10.0.0.0", "255.0.0.0")], [Network("::", "::")])] },
            new() { Extensions = [AlternativeNames(Dns(Pki.Host), Address("10.1.2.3"))] }),
    };

    private static readonly Dictionary<string, (string Code, Func<Case> Make)> Bad = new()
    {
        ["an intermediate without key identifiers, of another key"] = ("FTLS5007", () => OfAnotherKey(new() { Without = [CertificateExtension.SubjectKeyIdentifier, CertificateExtension.AuthorityKeyIdentifier] })),
        ["a server for clients"] = ("FTLS5006", () => Server(new() { Usages = [ClientAuth] })),
        ["a root for clients, and a CA below it"] = ("FTLS5006", () => BelowRoot(new() { Extensions = [Usages(ClientAuth)] })),
        ["an intermediate for clients, and a CA below it"] = ("FTLS5006", () => BelowTwo(new() { Extensions = [Usages(ClientAuth)] })),
        ["an intermediate for clients by its application policies"] = ("FTLS5006", () => Below(new() { Extensions = [Applications(ClientAuth)] })),
        ["a root that requires policies, and is for clients"] = ("FTLS5006", () => BelowRoot(new() { Extensions = [ExplicitPolicy, Usages(ClientAuth)] })),
        ["who may certify, and is no CA, certifies"] = ("FTLS5008", () => Below(new() { Extensions = [NoCA, new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, true)] })),
        ["a server that may certify alone, and is no CA"] = ("FTLS5016", () => Server(With(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true)))),
        ["a server that signs documents"] = ("FTLS5016", () => Server(With(new X509KeyUsageExtension(X509KeyUsageFlags.NonRepudiation, true)))),
        ["a CA of version 1, which has no limits, of the anchor's name"] = ("FTLS5007", CAOfVersion1),
        ["an issuer without a name, of another key"] = ("FTLS5002", () => Nameless() with { Options = Pki.Trusting(TestCA.Root("", new AuthorityOptions())) }),
        ["a dNSName that is not ASCII, under constraints"] = ("FTLS5009", () => Below(new() { Extensions = [Constraints([Dns("example")], [])] }, With(AlternativeNames(Dns("b\u00FCro.example"), Dns(Pki.Host))))),
        ["an iPAddress of a wrong length, under constraints"] = ("FTLS5009", () => Below(new() { Extensions = [Constraints([], [Network("10.0.0.0", "255.0.0.0")])] }, With(AlternativeNames(Address("10.0.0.1"u8.ToArray()), Dns(Pki.Host))))),
        ["a name with a NUL, beside a good one"] = ("FTLS5024", () => Server(With(AlternativeNames(Dns("orders.example\0.evil.example"), Dns(Pki.Host))))),
        ["a name that is not ASCII, alone"] = ("FTLS5021", () => Server(With(AlternativeNames(Dns("order\u017F.example"), Dns("b\u00FCro.example"))))),
        ["an address of version 4 outside what is permitted"] = ("FTLS5009", () => Below(new() { Extensions = [Constraints([Network("10.0.0.0", "255.0.0.0")], [Network("::", "::")])] },
            new() { Extensions = [AlternativeNames(Dns(Pki.Host), Address("11.1.2.3"))] })),
    };

    public static TheoryData<string> GoodForms => [.. Good.Keys];

    public static TheoryData<string> BadForms => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(GoodForms))]
    public async Task AFormThatHelpsNoAttacker_IsAccepted(string name)
    {
        var good = Good[name]();

        Verdict.IsAccepted(Pki.Context(good.Options).ValidateServerCertificate(good.Server, [.. good.Sent], Pki.Host));
        await Verdict.IsAcceptedInAHandshake(good.Options, good.Server, good.Sent);
    }

    [Theory]
    [MemberData(nameof(BadForms))]
    public async Task ItsNeighborThatWould_IsRefused(string name)
    {
        var (code, make) = Bad[name];
        var bad = make();

        await Verdict.IsRefusedInAHandshake(code, bad.Options, bad.Server, bad.Sent);
    }

    [Theory]
    [InlineData("00:1A:2B:3C:4D:5E")]
    [InlineData("0x0000ABCD")]
    [InlineData("1.2.03.4")]
    [InlineData("192.168.001.001")]
    [InlineData("Müller&Söhne-Inc.")]
    [InlineData("受注システム")]
    [InlineData("2001:DB8::1")]
    [InlineData("bücher.example")]
    public async Task ACommonName_SaysWhatItLikes_AndIsNeverTheName(string text)
    {
        await Verdict.IsAcceptedInAHandshake(Pki.Trusting(), Pki.Root.Issue($"CN=\"{text}\"", new() { DnsNames = [Pki.Host] }));

        var other = Pki.Root.Issue($"CN=\"{text}\"", new() { DnsNames = ["billing.example"] });
        Assert.Equal("FTLS5021", Pki.Context(Pki.Trusting()).ValidateServerCertificate(other, [], Pki.Host).Codes());
        await Verdict.IsRefusedInAHandshake("FTLS5021", Pki.Trusting(), Pki.Root.Issue($"CN={Pki.Host}", new() { DnsNames = ["billing.example"] }));
        await Verdict.IsRefusedInAHandshake("FTLS5025", Pki.Trusting(), Pki.Root.Issue($"CN={Pki.Host}", new()));
    }

    private static Case Server(CertificateRequestOptions options, string subject = "CN=server") =>
        new(Pki.Root.Issue(subject, Named(options)));

    private static Case Below(AuthorityOptions options, CertificateRequestOptions? server = null)
    {
        var intermediate = Pki.Root.Intermediate("CN=Odd CA", options);
        return new(intermediate.Issue("CN=server", Named(server ?? new()))) { Sent = [intermediate.Certificate] };
    }

    private static Case BelowTwo(AuthorityOptions options)
    {
        var upper = Pki.Root.Intermediate("CN=Odd CA", options);
        var lower = upper.Intermediate("CN=CA below an odd one");
        return new(lower.IssueServer(Pki.Host)) { Sent = [lower.Certificate, upper.Certificate] };
    }

    private static Case BelowRoot(AuthorityOptions options)
    {
        var root = TestCA.Root("CN=Odd root", options);
        var intermediate = root.Intermediate("CN=CA below an odd root");
        return new(intermediate.IssueServer(Pki.Host)) { Options = Pki.Trusting(root), Sent = [intermediate.Certificate] };
    }

    private static Case TwoAlgorithms()
    {
        var root = TestCA.Root("CN=Odd root", new());
        var odd =
            (CertificateParts.Of(root.Certificate) with { OuterAlgorithm = "1.2.840.10045.4.3.3" }).SignedBy(root);
        var server = root.IssueServer(Pki.Host);
        var listed = TestCA.Over(odd.CopyWithPrivateKey(root.Certificate.GetECDsaPrivateKey()!));
        return new(server) { Options = Pki.Trusting(listed) };
    }

    private static Case Nameless()
    {
        var nameless = TestCA.Root("", new AuthorityOptions());
        return new(nameless.IssueServer(Pki.Host)) { Options = Pki.Trusting(nameless) };
    }

    private static Case OfAnotherKey(AuthorityOptions options)
    {
        using var impostor = TestCA.Root();
        var intermediate = impostor.Intermediate("CN=Odd CA", options);
        return new(intermediate.IssueServer(Pki.Host)) { Sent = [intermediate.Certificate] };
    }

    private static Case OfVersion1(X509Certificate2 server)
    {
        var old = (CertificateParts.Of(server) with { Version = default }).SignedBy(Pki.Root);
        return new(old.CopyWithPrivateKey(server.GetECDsaPrivateKey()!));
    }

    /// <summary>Its name is the anchor's, which once certified it: a CA's request with the name of the CA.</summary>
    private static Case CAOfVersion1()
    {
        var requested = Pki.Root.Issue(Pki.Root.Certificate.Subject, new());
        var old = (CertificateParts.Of(requested) with { Version = default, Extensions = default }).SignedBy(Pki.Root);
        using var authority = TestCA.Over(old.CopyWithPrivateKey(requested.GetECDsaPrivateKey()!));
        return new(authority.IssueServer(Pki.Host)) { Sent = [old] };
    }

    private static CertificateRequestOptions With(params X509Extension[] extensions) => new() { Extensions = extensions };

    private static CertificateRequestOptions Named(CertificateRequestOptions options) =>
        options.Extensions.Any(extension => extension.Oid!.Value == CertificateExtension.SubjectAltName) ? options : options with { Extensions = [Names, .. options.Extensions] };

    private static X509EnhancedKeyUsageExtension Usages(string usage) => new([new(usage)], critical: false);

    /// <summary>As Microsoft's CAs write them.</summary>
    private static X509Extension Applications(string usage) =>
        new("1.3.6.1.4.1.311.21.10", Fuzz.Encode.Sequence(Fuzz.Encode.Usages(usage)), critical: false);

    private sealed record Case(X509Certificate2 Server)
    {
        public OutboundTlsOptions Options { get; init; } = Pki.Trusting();

        public X509Certificate2[] Sent { get; init; } = [];
    }
}
