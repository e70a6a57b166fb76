using System.Text;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>
/// Small container images have no globalization data, and normalization leaves every text as it is. What cannot be compared
/// then is refused where it matters, and nowhere else.
/// </summary>
public class InvariantGlobalizationTests
{
    private const string Variable = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT";
    private static readonly bool IsInvariant = "\uFF21".Normalize(NormalizationForm.FormKC) != "A";

    [Fact]
    public async Task NamesThatCannotBeCompared_AreRefusedUnderAConstraint()
    {
        if (!IsInvariant)
        {
            await ChildProcess.RunAsync(typeof(InvariantGlobalizationTests), nameof(NamesThatCannotBeCompared_AreRefusedUnderAConstraint), (Variable, "1"));
            return;
        }

        using var authority = Pki.Root.Intermediate("CN=Excludes", new AuthorityOptions { Extensions = [Constraints([], [Directory("O=Evil")])] });
        Assert.Equal("FTLS5009", Codes(authority, "O=evil"));
        Assert.Equal("FTLS5009", Codes(authority, "O=Ｅvil"));
        Assert.Equal("FTLS5009", Codes(authority, "O=Bücher"));
        Assert.Equal("", Codes(authority, "O=Good"));
        Assert.Equal("", Codes(Pki.Root, "O=Bücher"));
    }

    [Fact]
    public async Task NamesInOtherAlphabets_StillLinkAndMatch()
    {
        if (!IsInvariant)
        {
            await ChildProcess.RunAsync(typeof(InvariantGlobalizationTests), nameof(NamesInOtherAlphabets_StillLinkAndMatch), (Variable, "1"));
            return;
        }

        var context = Pki.Context(Pki.Trusting());
        using var twin = Pki.Root.Intermediate("O=Bücher GmbH");
        using var authority = Pki.Root.Intermediate("O=Bücher GmbH");
        var server = authority.IssueServer("xn--bcher-kva.example", "127.0.0.2");

        Verdict.IsAccepted(context.ValidateServerCertificate(server, [twin.Certificate, authority.Certificate], "bücher.example"));
        Assert.False(context.ValidateServerCertificate(server, [authority.Certificate], "１２７.0.0.2").IsValid);
        Assert.False(context.ValidateServerCertificate(server, [authority.Certificate], "127。0。0。2").IsValid);
    }

    private static string Codes(TestCA authority, string name) =>
        Verdict.Of([Pki.Root.Certificate], authority.Issue("CN=s", new() { Extensions = [AlternativeNames(Dns(Pki.Host), Directory(name))] }), authority.Certificate).Codes();
}
