using System.Globalization;
using System.Text.RegularExpressions;
using FlexTls.Support;
using Newtonsoft.Json.Linq;
using Xunit;

namespace FlexTls.Schema;

/// <summary>The schema's names and values are those of the code.</summary>
public class PolicySchemaTests
{
    private static readonly string[] Versions = [.. Enum.GetValues<TlsVersion>().Select(version => version.ToText())];

    [Fact]
    public void Keys_AreThoseThatTheReaderKnows()
    {
        Assert.Equal(10, KnownKeys.ByPath.Count);
        foreach (var (path, keys) in KnownKeys.ByPath)
        {
            var schema = PolicySchema.Of(path);
            Assert.Equal(keys.Order(), PolicySchema.Properties(schema).Properties().Select(property => property.Name).Order());
            Assert.False((bool)schema["additionalProperties"]!);
        }
    }

    [Fact]
    public void Ciphers_AreThoseOfTheCatalog()
    {
        Assert.Equal(CipherSuiteCatalog.All.Select(suite => suite.Name), PolicySchema.Texts(PolicySchema.Definition("cipher")["enum"]!));
        Assert.Equal(CipherSuiteCatalog.Tls12Defaults.Select(suite => suite.Name), PolicySchema.Texts(Config("ciphers")["default"]!));
    }

    [Fact]
    public void Versions_AreThoseOfTheCode_AsTextAndAsNumbers()
    {
        var values = PolicySchema.Definition("version")["enum"]!;

        Assert.Equal([.. Versions, .. Versions], values.Select(value => value.ToString()));
        Assert.Equal(Versions.Length, values.Count(value => value.Type == JTokenType.Float));
        Assert.Equal(PolicyDefaults.MinVersion.ToText(), (string?)Config("minversion")["default"]);
        Assert.Equal(PolicyDefaults.MaxVersion.ToText(), (string?)Config("maxversion")["default"]);
    }

    [Fact]
    public void OtherDefaults_AreThoseOfTheCode()
    {
        Assert.Equal(PolicyDefaults.Alpn, PolicySchema.Texts(Config("alpn")["default"]!));
        Assert.Equal(new OutboundTlsOptions().DangerousSkipValidation, (bool)Config("skipValidation")["default"]!);
        var extensions = PolicySchema.Properties(PolicySchema.Of("spec.config.extensions"));
        Assert.Equal(new OutboundTlsExtensionOptions().TrustSystemCA, (bool)extensions["trustSystemCA"]!["default"]!);
        Assert.Equal(new OutboundTlsExtensionOptions().DangerousAllowPlainHttp, (bool)extensions["allowPlainHttp"]!["default"]!);
        Assert.Equal(PolicyDefaults.DrainTimeout, Duration.TryParse((string)extensions["drainTimeout"]!["default"]!));
    }

    [Fact]
    public void Durations_AreThoseThatTheReaderTakes()
    {
        var pattern = new Regex((string)PolicySchema.Definition("upToADay")["pattern"]!);
        string[] units = ["ms", "s", "m", "h", "", "d"];
        string[] numbers =
        [
            .. Enumerable.Range(0, 1_500).Concat([9_999, 10_000, 79_999, 80_000, 85_999, 86_000, 86_399, 86_400, 86_401, 90_000, 100_000, 86_399_999, 86_400_000, 86_400_001])
                .Select(number => number.ToString(CultureInfo.InvariantCulture)),
            "", "00", "030", "-1", "1.5", "999999999",
        ];

        Assert.All(numbers.SelectMany(number => units, (number, unit) => number + unit), text =>
            Assert.Equal(pattern.IsMatch(text), OutboundTlsPolicy.Parse(Written.Policy(drainTimeout: text), new DiagnosticList()) is not null));
    }

    [Fact]
    public void EveryKeyOfThePolicy_SaysWhatItMeansAndWhatHoldsWithoutIt()
    {
        var paths = KnownKeys.ByPath.Keys.Where(path => path.StartsWith("spec.config", StringComparison.Ordinal));
        foreach (var property in paths.SelectMany(path => PolicySchema.Properties(PolicySchema.Of(path)).Properties()))
        {
            Assert.Matches("Default|Required", (string?)property.Value["description"] ?? "");
        }
    }

    private static JObject Config(string key) => (JObject)PolicySchema.Properties(PolicySchema.Of("spec.config"))[key]!;
}
