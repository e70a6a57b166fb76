using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using FlexTls.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Conformance;

/// <summary>
/// Our verdicts on NIST's Public Key Interoperability Test Suite, where Debian's package python3-cryptography-vectors has
/// put it. Cases that are invalid because of a revocation list are left out; nothing of these lists is read.
/// </summary>
public partial class PkitsTests
{
    private const string Folder = "/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data/certs";
    private const string DsaKeys = "DSA is no accepted kind of key";

    // No name at all, other names, the common name alone: the suite asks for none.
    private static readonly string[] Names = ["FTLS5020", "FTLS5021", "FTLS5025"];

    /// <summary>The cases that we answer otherwise than the suite does, and the rule by which we do.</summary>
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["ValidDSASignaturesTest4"] = DsaKeys,
        ["ValidDSAParameterInheritanceTest5"] = DsaKeys,
    };

    [Fact]
    public void EveryCaseWithoutRevocation_IsAnsweredAsTheSuiteDoes_OrForAReason()
    {
        Assert.SkipUnless(Directory.Exists(Folder), "python3-cryptography-vectors is not installed.");
        var all = Directory.GetFiles(Folder, "*.crt").ToDictionary(path => Path.GetFileNameWithoutExtension(path), X509CertificateLoader.LoadCertificateFromFile);
        X509Certificate2Collection authorities = [.. all.Where(file => !IsServer(file.Key)).Select(file => file.Value)];
        var anchor = all["TrustAnchorRootCertificate"];
        var context = Pki.Context(Verdict.Trusting(anchor), clock: new FakeTimeProvider(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        var cases = all.Keys.Where(name => IsServer(name) && !(name.StartsWith("Invalid", StringComparison.Ordinal) && OfLists().IsMatch(name))).Order(StringComparer.Ordinal).ToList();
        Assert.True(cases.Count > 150, $"{cases.Count} cases apply.");

        var differing = new Dictionary<string, string>();
        foreach (var name in cases)
        {
            // Every certificate policy is accepted and none is asked for.
            var isAboutPolicies = OfPolicies().IsMatch(name);
            var codes = context.ValidateServerCertificate(all[name], authorities, "unnamed.example").Failures
                .Select(failure => failure.Code).Except(Names).ToList();
            TestContext.Current.TestOutputHelper!.WriteLine($"{name[..^2]}: {(codes.Count == 0 ? "accepted" : string.Join(", ", codes))}");
            var isGood = name.StartsWith("Valid", StringComparison.Ordinal);
            if (isGood != (codes.Count == 0) && (isGood || !isAboutPolicies))
            {
                differing.Add(name[..^2], string.Join(", ", codes));
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{cases.Count - differing.Count} of {cases.Count} as the suite");
        Assert.Empty(differing.Where(answer => !Reasons.ContainsKey(answer.Key)).Select(answer => $"{answer.Key}: {answer.Value}"));
        Assert.Empty(Reasons.Keys.Except(differing.Keys));
    }

    private static bool IsServer(string name) => name.EndsWith("EE", StringComparison.Ordinal);

    /// <summary>Cases that are about certificate policies and their qualifiers.</summary>
    [GeneratedRegex("Polic|Notice|CPS", RegexOptions.IgnoreCase)]
    private static partial Regex OfPolicies();

    /// <summary>Cases whose certificates would be good without a list, or whose key for lists is at fault.</summary>
    [GeneratedRegex("CRL|Revoked|SerialNumber|BasicSelfIssued|cRL|distributionPoint|onlyContains|onlySome")]
    private static partial Regex OfLists();
}
