using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>
/// More names, under more constraints, than OpenSSL compares: it ends the building of the chain without a reason.
/// </summary>
public class PlatformNameBoundTests
{
    private const int Names = 2_000;
    private static readonly TestCA Many = Pki.Root.Intermediate("CN=Many", Constrained(530));
    private static readonly TestCA Fewer = Pki.Root.Intermediate("CN=Fewer", Constrained(520));

    [Fact]
    public async Task BeyondTheBound_TheReasonIsNamed_WithAndWithoutAHandshake()
    {
        Verdict.IsRefused("FTLS5030", Verdict.Of([Pki.Root.Certificate], Server(Many), Many.Certificate));
        await Verdict.IsRefusedInAHandshake("FTLS5030", Pki.Trusting(), Server(Many), Many.Certificate);
    }

    [Fact]
    public async Task BeyondTheBound_OfAnAnchor_TheReasonIsNamed()
    {
        var options = Verdict.Trusting(Many.Certificate);

        Verdict.IsRefused("FTLS5030", Verdict.Of([Many.Certificate], Server(Many)));
        await Verdict.IsRefusedInAHandshake("FTLS5030", options, Server(Many));
    }

    [Fact]
    public async Task BelowTheBound_TheNamesAreCompared()
    {
        Verdict.IsAccepted(Verdict.Of([Pki.Root.Certificate], Server(Fewer), Fewer.Certificate));
        await Verdict.IsAcceptedInAHandshake(Pki.Trusting(), Server(Fewer), Fewer.Certificate);
    }

    private static AuthorityOptions Constrained(int constraints) =>
        new() { Extensions = [Constraints([], [.. Enumerable.Range(0, constraints).Select(i => Dns($"x{i}.test"))])] };

    private static X509Certificate2 Server(TestCA authority) =>
        authority.IssueServer([Pki.Host, .. Enumerable.Range(0, Names - 1).Select(i => $"n{i}.example")]);
}
