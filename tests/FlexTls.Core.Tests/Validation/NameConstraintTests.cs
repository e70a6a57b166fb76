using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>A CA certifies what its constraints, and those of the CAs above it, leave it (RFC 5280, section 4.2.1.10).</summary>
public class NameConstraintTests
{
    private const string Refused = "FTLS5009";
    private static readonly byte[] Host = Dns(Pki.Host);

    /// <summary>Constraints, the names of the certificate beside the host, and whether they are inside.</summary>
    private static readonly Dictionary<string, (X509Extension Constraints, byte[][] Names, bool IsInside)> All = new()
    {
        ["permitted name itself"] = (Constraints([Dns("orders.example")], []), [], true),
        ["permitted name above"] = (Constraints([Dns("example")], []), [], true),
        ["permitted name in another case"] = (Constraints([Dns("Orders.EXAMPLE")], []), [], true),
        ["permitted: every name"] = (Constraints([Dns("")], []), [], true),
        ["permitted: another name"] = (Constraints([Dns("billing.example")], []), [], false),
        ["permitted: the end of a label"] = (Constraints([Dns("rders.example")], []), [], false),
        ["permitted: one of two"] = (Constraints([Dns("billing.example"), Dns("orders.example")], []), [], true),
        ["permitted for one name of two"] = (Constraints([Dns("orders.example")], []), [Dns("billing.example")], false),
        ["permitted with a dot: what is below"] = (Constraints([Dns(".example")], []), [], true),
        ["permitted with a dot: not the name itself"] = (Constraints([Dns(".orders.example")], []), [], false),
        ["permitted with a dot: a wildcard below"] = (Constraints([Dns(".example")], []), [Dns("*.example"), Dns("*.a.example")], true),
        ["permitted: a wildcard at the name"] = (Constraints([Dns("example")], []), [Dns("*.example")], true),
        ["permitted: a wildcard above the name"] = (Constraints([Dns("orders.example"), Dns("a.b.example")], []), [Dns("*.b.example")], false),
        ["permitted: a half wildcard"] = (Constraints([Dns("example")], []), [Dns("f*.example")], false),
        ["permitted: a wildcard alone"] = (Constraints([Dns("")], []), [Dns("*")], false),
        ["permitted: a name with a trailing dot"] = (Constraints([Dns("example")], []), [Dns("billing.example.")], false),
        ["constraint that is no name"] = (Constraints([Dns("example"), Dns("a..example")], []), [], false),
        ["constraint with a wildcard"] = (Constraints([Dns("*.example")], []), [], false),
        ["constraint of a dot"] = (Constraints([Dns(".")], []), [], false),
        ["excluded name itself"] = (Constraints([], [Dns("orders.example")]), [], false),
        ["excluded name above"] = (Constraints([], [Dns("EXAMPLE")]), [], false),
        ["excluded: every name"] = (Constraints([], [Dns("")]), [], false),
        ["excluded: another name"] = (Constraints([], [Dns("billing.example")]), [], true),
        ["excluded wins over permitted"] = (Constraints([Dns("example")], [Dns("orders.example")]), [], false),
        ["excluded: a wildcard reaches below"] = (Constraints([], [Dns("secret.b.example")]), [Dns("*.b.example")], false),
        ["excluded: a wildcard at the name"] = (Constraints([], [Dns("b.example")]), [Dns("*.b.example")], false),
        ["excluded: a wildcard beside it"] = (Constraints([], [Dns("c.example")]), [Dns("*.b.example")], true),
        ["excluded with a dot: the name itself"] = (Constraints([], [Dns(".orders.example")]), [], true),
        ["excluded with a dot: what is below"] = (Constraints([], [Dns(".example")]), [], false),
        ["excluded with a dot: a wildcard at the name"] = (Constraints([], [Dns(".b.example")]), [Dns("*.b.example")], false),
        ["excluded with a dot: a wildcard above"] = (Constraints([], [Dns(".b.example")]), [Dns("*.example")], true),
        ["excluded far below a wildcard"] = (Constraints([], [Dns("a.b.example")]), [Dns("*.example")], true),

        ["permitted network"] = (Constraints([Network("10.0.0.0", "255.0.0.0")], []), [Address("10.1.2.3")], true),
        ["permitted network of odd length"] = (Constraints([Network("10.1.2.0", "255.255.254.0")], []), [Address("10.1.3.255")], true),
        ["permitted: another network"] = (Constraints([Network("10.0.0.0", "255.0.0.0")], []), [Address("11.1.2.3")], false),
        ["permitted network of version 6"] = (Constraints([Network("2001:db8::", "ffff:ffff::")], []), [Address("2001:db8::1")], true),
        ["permitted: another network of version 6"] = (Constraints([Network("2001:db8::", "ffff:ffff::")], []), [Address("2001:db9::1")], false),
        ["permitted: a network of the other version"] = (Constraints([Network("0.0.0.0", "0.0.0.0")], []), [Address("::ffff:10.0.0.1")], false),
        ["permitted networks leave names alone"] = (Constraints([Network("10.0.0.0", "255.0.0.0")], []), [], true),
        ["excluded network"] = (Constraints([], [Network("10.0.0.0", "255.0.0.0")]), [Address("10.1.2.3")], false),
        ["excluded: another network"] = (Constraints([], [Network("10.0.0.0", "255.0.0.0")]), [Address("11.1.2.3")], true),
        ["excluded: all of version 6, and an address of version 4"] = (Constraints([], [Network("::", "::")]), [Address("10.1.2.3")], true),
        ["permitted version 4, excluded: all of version 6"] = (Constraints([Network("10.0.0.0", "255.0.0.0")], [Network("::", "::")]), [Address("10.1.2.3")], true),
        ["permitted version 6, excluded: all of version 4"] = (Constraints([Network("2001:db8::", "ffff:ffff::")], [Network("0.0.0.0", "0.0.0.0")]), [Address("2001:db8::1")], true),
        ["excluded: all mapped addresses"] = (Constraints([], [Network("::ffff:0:0", "ffff:ffff:ffff:ffff:ffff:ffff::")]), [Address("10.1.2.3")], false),
        ["excluded: a mapped network"] = (Constraints([], [Network("::ffff:10.0.0.0", "ffff:ffff:ffff:ffff:ffff:ffff:ff00::")]), [Address("10.1.2.3")], false),
        ["excluded: another mapped network"] = (Constraints([], [Network("::ffff:11.0.0.0", "ffff:ffff:ffff:ffff:ffff:ffff:ff00::")]), [Address("10.1.2.3")], true),
        ["excluded: the mapped addresses among others"] = (Constraints([], [Network("::ffff:0:0", "ffff:ffff:ffff:ffff:ffff::")]), [Address("10.1.2.3")], true),
        ["excluded: all of version 6, and a mapped address"] = (Constraints([], [Network("::", "::")]), [Address("::ffff:10.1.2.3")], false),
        ["excluded: all of version 6"] = (Constraints([], [Network("::", "::")]), [Address("::1")], false),
        ["network with a hole in the mask"] = (Constraints([Network("10.0.0.0", "255.0.255.0")], []), [Address("10.1.0.3")], false),
        ["network without a mask"] = (Constraints([Address("10.1.2.3")], []), [Address("10.1.2.3")], false),
        ["network with half a mask"] = (Constraints([Address([10, 0, 0, 0, 255, 0])], []), [], false),

        ["permitted directory"] = (Constraints([Directory("O=Orders")], []), [Directory("CN=a, O=Orders")], false), // The subject CN=server is outside.
        ["permitted directory of the subject"] = (Constraints([Directory("CN=Server")], []), [], true),
        ["permitted directory and a name outside"] = (Constraints([Directory("CN=server")], []), [Directory("O=Other")], false),
        ["permitted directory of everything"] = (Constraints([Directory("")], []), [Directory("O=Other")], true),
        ["excluded directory of the subject"] = (Constraints([], [Directory("CN=SERVER")]), [], false),
        ["excluded directory of a name"] = (Constraints([], [Directory("O=Orders")]), [Directory("CN=a, O=orders")], false),
        ["excluded directory of a name, below nothing"] =
            (Constraints([], [Directory("O=Orders")]), [DirectoryBelowNothing("O=Orders")], false),
        ["excluded directory below nothing"] =
            (Constraints([], [DirectoryBelowNothing("O=Orders")]), [Directory("O=Orders")], false),
        ["excluded: the directory nothing"] = (Constraints([], [DirectoryBelowNothing("")]), [], false),
        ["a directory below nothing, without a constraint for its form"] =
            (Constraints([Dns("example")], []), [DirectoryBelowNothing("O=Orders")], true),
        ["excluded: another directory"] = (Constraints([], [Directory("O=Orders")]), [Directory("O=Orders, CN=a")], true),

        ["permitted URI host"] = (Constraints([CertificateNameEncoding.Uri("example.org")], []), [CertificateNameEncoding.Uri("spiffe://Example.org/a")], true),
        ["permitted URI host: not what is below"] = (Constraints([CertificateNameEncoding.Uri("example.org")], []), [CertificateNameEncoding.Uri("https://a.example.org/")], false),
        ["permitted URI host with a dot: what is below"] = (Constraints([CertificateNameEncoding.Uri(".example.org")], []), [CertificateNameEncoding.Uri("https://a.example.org/")], true),
        ["permitted URI host with a dot: not itself"] = (Constraints([CertificateNameEncoding.Uri(".example.org")], []), [CertificateNameEncoding.Uri("https://example.org/")], false),
        ["permitted URI host: one in the user's part"] = (Constraints([CertificateNameEncoding.Uri("example.org")], []), [CertificateNameEncoding.Uri("https://example.org@evil.example/")], false),
        ["permitted URI host: with a port"] = (Constraints([CertificateNameEncoding.Uri("example.org")], []), [CertificateNameEncoding.Uri("https://example.org:8443/")], true),
        ["excluded URI host"] = (Constraints([], [CertificateNameEncoding.Uri("example.org")]), [CertificateNameEncoding.Uri("spiffe://example.org/a")], false),
        ["excluded: another URI host"] = (Constraints([], [CertificateNameEncoding.Uri("example.org")]), [CertificateNameEncoding.Uri("spiffe://example.net/a")], true),
        ["URI without a host"] = (Constraints([], [CertificateNameEncoding.Uri("example.org")]), [CertificateNameEncoding.Uri("urn:uuid:1")], false),
        ["URI of an address"] = (Constraints([], [CertificateNameEncoding.Uri("example.org")]), [CertificateNameEncoding.Uri("https://127.0.0.1/")], false),
        ["empty URI constraint"] = (Constraints([CertificateNameEncoding.Uri("")], []), [], false),

        ["otherName under a constraint of its form"] = (Constraints([], [Other("a")]), [Other("b")], false),
        ["otherName under a permitted one"] = (Constraints([Other("a")], []), [Other("a")], false),
        ["mail at the host"] = (Constraints([Mail("example.org")], []), [Mail("a@EXAMPLE.org")], true),
        ["mail below the host"] = (Constraints([Mail("example.org")], []), [Mail("a@b.example.org")], false),
        ["mail below a host with a dot"] = (Constraints([Mail(".example.org")], []), [Mail("a@b.example.org")], true),
        ["mail at a host with a dot"] = (Constraints([Mail(".example.org")], []), [Mail("a@example.org")], false),
        ["mailbox"] = (Constraints([Mail("a@example.org")], []), [Mail("a@example.org")], true),
        ["another mailbox"] = (Constraints([Mail("a@example.org")], []), [Mail("A@example.org")], false),
        ["excluded mail"] = (Constraints([], [Mail("example.org")]), [Mail("a@example.org")], false),
        ["mail without a host"] = (Constraints([], [Mail("example.org")]), [Mail("a")], false),
        ["excluded network, mapped"] = (Constraints([], [Network("10.0.0.0", "255.0.0.0")]), [Address("::ffff:10.1.2.3")], false),
        ["excluded mapped network"] = (Constraints([], [Network("::ffff:10.0.0.0", "ffff:ffff:ffff:ffff:ffff:ffff:ff00::")]), [Address("10.1.2.3")], false),
        ["permitted network, mapped"] = (Constraints([Network("10.0.0.0", "255.0.0.0")], []), [Address("::ffff:10.1.2.3")], false),
        ["minimum"] = (Constraints([Subtree(Dns("example"), 1, null)], [], isCritical: true), [], false),
        ["maximum"] = (Constraints([Subtree(Dns("example"), null, 4)], [], isCritical: true), [], false),
        ["no constraints in the extension"] = (Constraints([], []), [], false),
        ["constraints that are not critical"] = (Constraints([Subtree(Dns("billing.example"))], [], isCritical: false), [], false),
    };

    public static TheoryData<string> Cases => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ConstraintsOfAnIntermediate_AndOfARoot_Count(string name)
    {
        var (constraints, names, isInside) = All[name];
        using var root = TestCA.Root("CN=Constrained Root", new AuthorityOptions { Extensions = [constraints] });
        using var intermediate = Pki.Root.Intermediate("CN=Constrained CA", new AuthorityOptions { Extensions = [constraints] });

        AssertVerdict(isInside, Verdict.Of([Pki.Root.Certificate], Server(intermediate, names), intermediate.Certificate));
        AssertVerdict(isInside, Verdict.Of([root.Certificate], Server(root, names)));
        AssertVerdict(isInside, Verdict.Of([intermediate.Certificate], Server(intermediate, names)));
    }

    [Fact]
    public async Task AHandshake_IsRefusedForAName_AndNotForTheCommonName()
    {
        using var authority = Pki.Root.Intermediate("CN=Constrained CA", new AuthorityOptions { Extensions = [Constraints([Dns("orders.example")], [])] });
        var outside = authority.Issue("CN=server", new() { DnsNames = [Pki.Host, "billing.example"] });
        var commonNameOutside = authority.Issue("CN=billing.example", new() { DnsNames = [Pki.Host] });

        await Verdict.IsRefusedInAHandshake(Refused, Pki.Trusting(), outside, authority.Certificate);
        await Verdict.IsAcceptedInAHandshake(Pki.Trusting(), commonNameOutside, authority.Certificate);
        await Verdict.IsAcceptedInAHandshake(Verdict.Trusting(authority.Certificate), commonNameOutside, authority.Certificate);
    }

    [Fact]
    public async Task ACommonNameThatThePlatformTakesForAHost_IsNone()
    {
        // It does where there is no dNSName.
        using var authority = Pki.Root.Intermediate("CN=Constrained CA", new AuthorityOptions { Extensions = [Constraints([Dns("orders.example")], [])] });
        var server = authority.Issue("CN=billing.example", new() { Extensions = [AlternativeNames(CertificateNameEncoding.Uri("spiffe://example.org/orders"))] });
        var options = Pki.Trusting();
        options.Extensions = new OutboundTlsExtensionOptions { SubjectAltNames = [new() { Type = "URI", Value = "spiffe://example.org/orders" }] };
        using (var chain = CertificateChain.Build(server, [authority.Certificate], ChainPolicies.Strict(OutboundTlsPolicy.Create(options).TrustAnchors)))
        {
            Assert.False(chain.IsValid);
        }

        await Verdict.IsAcceptedInAHandshake(options, server, authority.Certificate);
        await Verdict.IsRefusedInAHandshake("FTLS5007", options, CertificateParts.WithDamagedSignature(server), authority.Certificate);
    }

    [Fact]
    public void AWildcard_IsWhatThePlatformDoesNotSee()
    {
        using var authority = Pki.Root.Intermediate("CN=Constrained CA", new AuthorityOptions { Extensions = [Constraints([], [Dns("secret.orders.example")])] });
        var server = authority.IssueServer(Pki.Host, "*.orders.example");

        Verdict.IsRefused(Refused, Verdict.Of([Pki.Root.Certificate], server, authority.Certificate));
    }

    [Fact]
    public void ASelfIssuedCA_IsExempt_AndTheServersCertificateIsNot()
    {
        // A CA whose name is outside what it may certify itself, and that changes its key.
        using var old = Pki.Root.Intermediate("CN=Renewed", new AuthorityOptions { Extensions = [Constraints([Directory("O=Orders"), Host], [])] });
        using var renewed = old.Intermediate("CN=Renewed");
        var server = renewed.Issue("O=Orders", new() { DnsNames = [Pki.Host] });
        var selfIssued = old.Issue("CN=Renewed", new() { DnsNames = [Pki.Host] });

        Verdict.IsAccepted(Verdict.Of([Pki.Root.Certificate], server, renewed.Certificate, old.Certificate));
        Assert.False(Verdict.Of([Pki.Root.Certificate], selfIssued, old.Certificate).IsValid);
        Assert.Single(new NameConstraintRules(new VerificationBudget(default)).Check([
            DecodedCertificate.Of(selfIssued), DecodedCertificate.Of(old.Certificate),
            DecodedCertificate.Of(Pki.Root.Certificate)]));
        Verdict.IsRefused(Refused, Verdict.Of([Pki.Root.Certificate], renewed.IssueServer(Pki.Host), renewed.Certificate, old.Certificate));
    }

    [Fact]
    public void ACAOutsideOfWhatIsPermitted_IsRefused()
    {
        using var above = Pki.Root.Intermediate("CN=Above", new AuthorityOptions { Extensions = [Constraints([Directory("O=Orders")], [])] });
        using var inside = above.Intermediate("CN=inside, O=Orders");
        using var outside = above.Intermediate("O=Other");

        Verdict.IsRefused(Refused, Verdict.Of([Pki.Root.Certificate], outside.Issue("O=Orders", new() { DnsNames = [Pki.Host] }), outside.Certificate, above.Certificate));
        Verdict.IsRefused(Refused, Verdict.Of([Pki.Root.Certificate], inside.Issue("O=Other", new() { DnsNames = [Pki.Host] }), inside.Certificate, above.Certificate));
    }

    [Fact]
    public void ConstraintsOfEveryCAAbove_Count()
    {
        using var above = Pki.Root.Intermediate("CN=Above", new AuthorityOptions { Extensions = [Constraints([Dns("example")], [])] });
        using var below = above.Intermediate("CN=Below", new AuthorityOptions { Extensions = [Constraints([Dns("orders.example"), Dns("orders.test")], [])] });

        Verdict.IsAccepted(Verdict.Of([Pki.Root.Certificate], Server(below), below.Certificate, above.Certificate));
        Verdict.IsRefused(Refused, Verdict.Of([Pki.Root.Certificate], Server(below, Dns("orders.test")), below.Certificate, above.Certificate));
        Verdict.IsRefused(Refused, Verdict.Of([Pki.Root.Certificate], Server(below, Dns("billing.example")), below.Certificate, above.Certificate));
    }

    [Fact]
    public void AnAddressOfMailInTheSubject_IsUnderConstraintsForMail()
    {
        using var mail = Pki.Root.Intermediate("CN=Mail", new AuthorityOptions { Extensions = [Constraints([Mail("other.org")], [])] });
        using var names = Pki.Root.Intermediate("CN=Names", new AuthorityOptions { Extensions = [Constraints([Host], [])] });
        X509Certificate2 Issue(TestCA authority) => authority.Issue("E=a@example.org, CN=server", new() { DnsNames = [Pki.Host] });

        Verdict.IsRefused(Refused, Verdict.Of([Pki.Root.Certificate], Issue(mail), mail.Certificate));
        Verdict.IsAccepted(Verdict.Of([Pki.Root.Certificate], Server(mail), mail.Certificate));
        Verdict.IsAccepted(Verdict.Of([Pki.Root.Certificate], Issue(names), names.Certificate));
    }

    [Fact]
    public void MalformedConstraints_AreRefused()
    {
        using var authority = Pki.Root.Intermediate("CN=Broken", new AuthorityOptions { Extensions = [new X509Extension(CertificateExtension.NameConstraints, [0x30, 2, 0xA0, 0], true)] });

        Assert.False(Verdict.Of([Pki.Root.Certificate], Server(authority), authority.Certificate).IsValid);
    }

    private static X509Certificate2 Server(TestCA authority, params byte[][] names) => authority.Issue("CN=server", new() { Extensions = [AlternativeNames([Host, .. names])] });

    private static void AssertVerdict(bool isInside, ServerCertificateValidationResult result)
    {
        if (isInside)
        {
            Verdict.IsAccepted(result);
        }
        else
        {
            Assert.Equal(Refused, Assert.Single(result.Failures).Code);
        }
    }
}
