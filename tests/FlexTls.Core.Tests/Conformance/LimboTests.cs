using Xunit;

namespace FlexTls.Conformance;

/// <summary>
/// Our verdicts on the cases of a public suite. <c>FLEXTLS_X509_LIMBO</c> says where it lies; it is no part of the
/// repository.
/// </summary>
public class LimboTests
{
    private const string CommonName = "the common name is never looked at, so it may say what it likes, as private CAs' does";
    private const string KeyIdentifiers = "key identifiers only help to find paths; private CAs often leave them out or fill them in, and signatures decide";
    private const string SerialNumbers = "serial numbers are for revocation lists and logs; many private CAs number badly, and no verdict depends on it";
    private const string Criticality = "an extension that is understood is applied, critical or not";
    private const string RootUsages = "an extended key usage in a root limits it, which public CAs may not do and private ones do";
    private const string AnyUsage = "any usage beside serverAuth, or instead of it, says as much as no extended key usage at all";
    private const string KeyUsages = "keyCertSign makes no CA, so a server that has it can certify nobody";
    private const string Constraints = "name constraints limit what is below a certificate, and nothing is below a server's";
    private const string PublicSuffixes = "which names are sold by registries is a list for the public web, and it changes";

    /// <summary>The cases that we answer otherwise than the suite does, and the rule by which we do.</summary>
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["rfc5280::aki::intermediate-missing-aki"] = KeyIdentifiers,
        ["rfc5280::aki::cross-signed-root-missing-aki"] = KeyIdentifiers,
        ["rfc5280::ski::intermediate-missing-ski"] = KeyIdentifiers,
        ["webpki::aki::root-with-aki-all-fields"] = KeyIdentifiers,
        ["rfc5280::serial::too-long"] = SerialNumbers,
        ["rfc5280::serial::zero"] = SerialNumbers,
        ["rfc5280::serial::negative"] = SerialNumbers,
        ["webpki::cn::ipv4-hex-mismatch"] = CommonName,
        ["webpki::cn::ipv4-leading-zeros-mismatch"] = CommonName,
        ["webpki::cn::ipv6-uppercase-mismatch"] = CommonName,
        ["webpki::cn::ipv6-uncompressed-mismatch"] = CommonName,
        ["webpki::cn::ipv6-non-rfc5952-mismatch"] = CommonName,
        ["webpki::cn::utf8-vs-punycode-mismatch"] = CommonName,
        ["webpki::cn::punycode-not-in-san"] = CommonName,
        ["webpki::cn::not-in-san"] = CommonName,
        ["webpki::cn::case-mismatch"] = CommonName,
        ["webpki::eku::ee-critical-eku"] = Criticality,
        ["webpki::san::san-critical-with-nonempty-subject"] = Criticality,
        ["rfc5280::san::noncritical-with-empty-subject"] = Criticality,
        ["rfc5280::pc::ica-noncritical-pc"] = Criticality,
        ["webpki::eku::root-has-eku"] = RootUsages,
        ["webpki::eku::ee-anyeku"] = AnyUsage,
        ["rfc5280::leaf-ku-keycertsign"] = KeyUsages,
        ["rfc5280::nc::not-allowed-in-ee-noncritical"] = Constraints,
        ["webpki::san::public-suffix-multi-label-wildcard-san"] = PublicSuffixes,
    };

    [Fact]
    public void EveryCase_IsAnsweredAsTheSuiteDoes_OrForAReason()
    {
        var path = Environment.GetEnvironmentVariable("FLEXTLS_X509_LIMBO");
        Assert.SkipWhen(string.IsNullOrEmpty(path), "FLEXTLS_X509_LIMBO does not say where the suite lies.");
        var cases = LimboCase.ReadAll(path!);
        Assert.True(cases.Count >= 100, $"The suite holds {cases.Count} cases that apply.");

        var answers = cases.Select(@case => (Case: @case, Codes: @case.Judge())).ToList();

        var differing = answers.Where(answer => (answer.Codes.Count == 0) != answer.Case.IsGood).ToList();
        Report(answers, differing);
        Assert.Empty(differing.Where(answer => !Reasons.ContainsKey(answer.Case.Id)).Select(answer => $"{answer.Case.Id}: {Shown(answer.Codes)}"));
        Assert.Empty(Reasons.Keys.Except(differing.Select(answer => answer.Case.Id)));
    }

    private static void Report(IReadOnlyList<(LimboCase Case, IReadOnlyList<string> Codes)> answers, IReadOnlyList<(LimboCase Case, IReadOnlyList<string> Codes)> differing)
    {
        var output = TestContext.Current.TestOutputHelper!;
        foreach (var group in answers.GroupBy(answer => string.Join("::", answer.Case.Id.Split("::").SkipLast(1))))
        {
            var ours = differing.Where(group.Contains).ToList();
            output.WriteLine($"{group.Key}: {group.Count() - ours.Count} of {group.Count()} agree, "
                + $"{ours.Count(answer => answer.Codes.Count == 0)} accepted otherwise, {ours.Count(answer => answer.Codes.Count > 0)} refused otherwise");
        }

        foreach (var (@case, codes) in answers)
        {
            output.WriteLine($"{@case.Id}: {Shown(codes)}");
        }
    }

    private static string Shown(IReadOnlyList<string> codes) => codes.Count == 0 ? "accepted" : string.Join(", ", codes);
}
