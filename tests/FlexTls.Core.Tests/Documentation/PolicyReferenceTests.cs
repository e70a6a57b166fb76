using System.Globalization;
using System.Text.RegularExpressions;
using FlexTls.Schema;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Documentation;

/// <summary>The documents name what the code has: every key, default, limit and code, and none that it has not.</summary>
public partial class PolicyReferenceTests
{
    private const string Reference = "policy-reference.md";
    private const string Defaults = "defaults.md";

    private static readonly IReadOnlyList<string> Codes = AllCodes.Names;

    public static TheoryData<string, string> DefaultValues => new()
    {
        { "skipValidation", OutboundTlsPolicy.Default.DangerousSkipValidation ? "`true`" : "`false`" },
        { "alpn", string.Join(", ", PolicyDefaults.Alpn.Select(id => $"`{id}`")) },
        { "minversion", $"`{PolicyDefaults.MinVersion.ToText()}`" },
        { "maxversion", $"`{PolicyDefaults.MaxVersion.ToText()}`" },
        { "trustedCA", "the operating system's trust store" },
        { "certificate", "none" },
        { "extensions", "none" },
        { "extensions.keyPassphrase", "none" },
        { "extensions.pkcs12", "none" },
        { "extensions.serverName", "none" },
        { "extensions.subjectAltNames", "none" },
        { "extensions.trustSystemCA", new OutboundTlsExtensionOptions().TrustSystemCA ? "`true`" : "`false`" },
        { "extensions.pins", "none" },
        { "extensions.allowPlainHttp", new OutboundTlsExtensionOptions().DangerousAllowPlainHttp ? "`true`" : "`false`" },
        { "extensions.drainTimeout", $"`{Duration.Show(PolicyDefaults.DrainTimeout)}`" },
    };

    [Fact]
    public void EveryKeyOfThePolicy_HasARow()
    {
        foreach (var (path, keys) in KnownKeys.ByPath.Where(level => level.Key.StartsWith("spec.config", StringComparison.Ordinal)))
        {
            var prefix = path["spec.config".Length..].TrimStart('.').Replace("[0]", "[]", StringComparison.Ordinal);
            Assert.All(keys, key => Assert.NotEmpty(Documents.Row(Reference, prefix.Length == 0 ? key : $"{prefix}.{key}")));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("extensions.")]
    public void EveryKeyThatCanBeLeftOut_HasADefault(string prefix) =>
        Assert.All(
            KnownKeys.ByPath[$"spec.config.{prefix}".TrimEnd('.')],
            key => Assert.NotEmpty(Documents.Row(Defaults, $"{prefix}{key}")));

    [Theory]
    [InlineData("spec.config")]
    [InlineData("spec.config.certificate")]
    [InlineData("spec.config.extensions")]
    public void EveryKeyOfThePolicy_IsKnownWhereItDoesNotBelong(string path) =>
        Assert.All(
            KnownKeys.ByPath[path],
            key =>
                Assert.StartsWith(
                    $"it belongs in {path}.{key}", KeyPlaces.Of(key, KnownKeys.ByPath["spec"], "spec", '.'),
                    StringComparison.Ordinal));

    [Fact]
    public void EveryOtherKey_IsNamed()
    {
        var named = Documents.Named(Documents.Read(Reference)).SelectMany(name => name.Split('.')).ToHashSet();

        Assert.Equal([], KnownKeys.ByPath.Values.SelectMany(keys => keys).Except(named));
    }

    [Theory]
    [MemberData(nameof(DefaultValues))]
    public void EveryDefault_IsThatOfTheCode_InBothDocuments(string key, string value)
    {
        Assert.Equal(value, Documents.Row(Reference, key)[1]);
        Assert.Equal(value, Documents.Row(Defaults, key)[1]);
    }

    [Fact]
    public void TheDefaultSuites_AreThoseOfTheCatalog_InTheirOrder() =>
        Assert.Equal(
            CipherSuiteCatalog.Tls12Defaults.Select((suite, i) => $"{i + 1}. `{suite.Name}`"),
            Documents.Read(Defaults).Split('\n').Where(line => line.Contains(". `TLS_", StringComparison.Ordinal)));

    [Fact]
    public void TheLimits_AreThoseOfTheReader()
    {
        var reference = Documents.Read(Reference);
        foreach (var (limit, code) in new (string, string)[]
        {
            ($"{YamlLimits.Length / (1024 * 1024)} MiB", DiagnosticCodes.TooLong),
            (Count(YamlLimits.Depth), DiagnosticCodes.TooDeep),
            (Count(YamlLimits.Documents), DiagnosticCodes.TooManyDocuments),
            (Count(YamlLimits.AliasNodes), DiagnosticCodes.TooManyAliasNodes),
        })
        {
            Assert.Contains($"| {limit} | {code} E |", reference, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EveryCodeOfTextPolicyAndCertificates_IsNamed() =>
        Assert.Equal([], Codes.Where(code => code[4] is '1' or '2' or '3').Except(CodesIn(Reference)));

    [Fact]
    public void NoCodeIsNamed_ThatDoesNotExist()
    {
        Assert.Contains(Reference, Documents.Names);
        Assert.All(
            Documents.Names,
            document => Assert.Equal(
                [], CodesIn(document).Except(Codes).Where(code => !IsAlert(code) && !IsOfTool(code))));
    }

    [Fact]
    public async Task TheExample_IsOneThatAnEditorAccepts()
    {
        var example = Documents.Read(Reference).Split("```")[1];

        Assert.StartsWith("yaml\n", example, StringComparison.Ordinal);
        Assert.Empty(await PolicySchema.FaultsAsync(example["yaml\n".Length..]));
    }

    private static IEnumerable<string> CodesIn(string document) => Code().Matches(Documents.Read(document)).Select(match => match.Value);

    /// <summary>The codes 8xxx are the command's own.</summary>
    private static bool IsOfTool(string code) => code[4] == '8';

    private static bool IsAlert(string code) =>
        int.Parse(code.AsSpan(4), CultureInfo.InvariantCulture) is >= 6100 and <= 6355;

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"FTLS\d{4}")]
    private static partial Regex Code();
}
