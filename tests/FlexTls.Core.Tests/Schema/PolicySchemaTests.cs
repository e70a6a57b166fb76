using FlexTls.Ciphers;
using FlexTls.Policies;
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
        Assert.Equal(new OutboundTlsExtensions().TrustSystemCA, (bool)PolicySchema.Properties(PolicySchema.Of("spec.config.extensions"))["trustSystemCA"]!["default"]!);
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
