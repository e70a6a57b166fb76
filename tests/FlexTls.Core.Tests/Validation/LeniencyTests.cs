using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>What docs/validation.md says is accepted, or compared loosely, beside the rules.</summary>
public class LeniencyTests
{
    [Fact]
    public void UnderscoresInNames_AreAccepted()
    {
        var server = Pki.Root.IssueServer("my_service.example");

        Assert.True(Pki.Context(Pki.Trusting()).ValidateServerCertificate(server, [], "my_service.example").IsValid);
    }

    [Theory]
    [InlineData(".example", "orders.example", "")]
    [InlineData(".orders.example", "orders.example", "FTLS5009")]
    public void ALeadingDot_InAConstraint_LeavesTheNameItselfOut(string permitted, string host, string code)
    {
        using var authority = Pki.Root.Intermediate("CN=Dotted", new AuthorityOptions { Extensions = [Constraints([Dns(permitted)], [])] });

        Verdict.IsRefused(code, Verdict.Of([Pki.Root.Certificate], authority.IssueServer(host), authority.Certificate));
    }

    [Theory]
    [InlineData(2049)]
    [InlineData(2052)]
    public void RsaLengths_ThatAreNoMultipleOfEight_AreAccepted(int bits)
    {
        var root = OpenSslCertificate.Root($"rsa:{bits}");

        Verdict.IsAccepted(Verdict.Of([root.Certificate], root.Server($"rsa:{bits}").Certificate));
    }

    [Fact]
    public async Task MalformedAuthorityInformationAccess_IsAccepted()
    {
        var malformed = new X509Extension("1.3.6.1.5.5.7.1.1", [1, 2, 3], critical: false);
        var server = Pki.Root.Issue("CN=server", new() { DnsNames = [Pki.Host], Extensions = [malformed] });

        await Verdict.IsAcceptedInAHandshake(Pki.Trusting(), server);
    }

    /// <summary>The same mailbox to a mail server, and another text to a constraint.</summary>
    [Theory]
    [InlineData("joe@example.org", "FTLS5009")]
    [InlineData("\"joe\"@example.org", "")]
    public void QuotedPartsOfMailAddresses_AreComparedAsTheyAreWritten(string address, string code)
    {
        using var authority = Pki.Root.Intermediate("CN=Mail", new AuthorityOptions { Extensions = [Constraints([], [Mail("joe@example.org")])] });
        var server = authority.Issue("CN=server", new() { Extensions = [AlternativeNames(Dns(Pki.Host), Mail(address))] });

        Verdict.IsRefused(code, Verdict.Of([Pki.Root.Certificate], server, authority.Certificate));
    }
}
