using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Validation;

/// <summary>Long names under many constraints: comparisons copy nothing, and count by bytes.</summary>
public class NameComparisonCostTests
{
    private const int Constraints = 1000;
    private const long MostBytes = 2 * 1024 * 1024;

    /// <summary>A name of each form that is compared as text, longer than any honest one, and its constraints.</summary>
    private static readonly Dictionary<string, (Func<string, byte[]> Constraint, byte[] Name)> Forms = new()
    {
        ["mail, a long local part"] = (host => Mail($"a@{host}"), Mail($"{Long}@example.org")),
        ["mail, a long host"] = (host => Mail($"a@{host}"), Mail($"a@{Long}")),
        ["URI"] = (CertificateNameEncoding.Uri, CertificateNameEncoding.Uri($"https://example.org/{Long}")),
        ["dNSName"] = (Dns, Dns($"{Labels}example.org")),
    };

    private static string Long => new('x', 40_000);

    private static string Labels => string.Concat(Enumerable.Repeat("x.", 20_000));

    public static TheoryData<string> FormNames => [.. Forms.Keys];

    [Theory]
    [MemberData(nameof(FormNames))]
    public void ALongName_IsRefusedUnderConstraintsOfItsForm_WithoutACopyForEach(string form)
    {
        var path = Path(form);
        Assert.NotEmpty(new NameConstraintRules(new VerificationBudget(default)).Check(Path("URI")));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var failures = new NameConstraintRules(new VerificationBudget(default)).Check(path);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal("FTLS5009", Assert.Single(failures).Code);
        Assert.InRange(allocated, 0, MostBytes);
    }

    [Fact]
    public void ALongName_IsAcceptedUnderConstraintsOfOtherForms()
    {
        var others = CertificateNameEncoding.Constraints([], [Directory("O=Other")]);
        using var authority = Pki.Root.Intermediate("CN=Directories", new AuthorityOptions { Extensions = [others] });
        var names = AlternativeNames(Dns(Pki.Host), Mail($"{Long}@example.org"));
        var server = authority.Issue("CN=s", new() { Extensions = [names] });

        Verdict.IsAccepted(Verdict.Of([Pki.Root.Certificate], server, authority.Certificate));
    }

    [Fact]
    public void BytesCountLikeComparisons()
    {
        var constraints = DecodedCertificate.Of(Authority(host => Mail($"a@{host}")).Certificate).NameConstraints!;

        Assert.Equal(Constraints, constraints.Cost(nameLength: 40));
        Assert.Equal(Constraints + (constraints.Bytes / 64), constraints.Cost(47_000));
        Assert.Equal(Constraints * 735L, constraints.PlatformCost(47_000));
    }

    /// <summary>The platform looks for the end of the local part in every comparison.</summary>
    [Fact]
    public void ThePlatform_IsAskedAboutLongNamesOnlySoOften_AndTheVerdictSaysSo()
    {
        var verification = NewVerification();
        var path = Path("mail, a long local part");

        Assert.True(verification.NameConstraints.MayCost(path));
        Assert.False(verification.NameConstraints.MayCost(path));
        Assert.True(verification.Budget.IsExhausted);
    }

    [Theory]
    [InlineData(500, 510, "")]
    [InlineData(720, 719, "")]
    [InlineData(725, 724, "FTLS5030")]
    public void MoreComparisonsThanTheBound_AreTooMuch_AndNoForbiddenName(int constraints, int names, string code)
    {
        // Both of two CAs have them; the host is one more name, the subject another. The platform has the same bound for
        // each CA alone.
        byte[][] excluded = [.. Enumerable.Range(0, constraints).Select(i => Dns($"x{i}.test"))];
        var options = new AuthorityOptions { Extensions = [CertificateNameEncoding.Constraints([], excluded)] };
        using var above = Pki.Root.Intermediate("CN=Many", options);
        using var below = above.Intermediate("CN=As many", options);
        var server = below.IssueServer([Pki.Host, .. Enumerable.Range(0, names - 1).Select(i => $"n{i}.example")]);

        var verdict = Verdict.Of([Pki.Root.Certificate], server, below.Certificate, above.Certificate);

        Verdict.IsRefused(code, verdict);
        Assert.Equal(code.Length == 0, constraints * ((2 * (names + 1)) + 1) <= VerificationBudget.MostComparisons);
    }

    private static Verification NewVerification() => new(Pki.EcServer, [], default, default);

    private static TestCA Authority(Func<string, byte[]> constraint)
    {
        byte[][] permitted = [.. Enumerable.Range(0, Constraints).Select(i => constraint($"h{i}.example"))];
        var extension = CertificateNameEncoding.Constraints(permitted, []);
        return Pki.Root.Intermediate("CN=Many", new AuthorityOptions { Extensions = [extension] });
    }

    private static DecodedCertificate[] Path(string form)
    {
        var (constraint, name) = Forms[form];
        using var authority = Authority(constraint);
        var server = authority.Issue("CN=s", new() { Extensions = [AlternativeNames(name)] });
        X509Certificate2[] path = [server, authority.Certificate, Pki.Root.Certificate];
        return [.. path.Select(DecodedCertificate.Of)];
    }
}
