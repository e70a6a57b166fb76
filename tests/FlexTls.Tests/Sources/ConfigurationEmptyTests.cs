using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Sources;

/// <summary>Keys of the configuration that hold nothing, or something of another kind: never the default in silence.</summary>
public class ConfigurationEmptyTests
{
    private static readonly string[] Values =
    [
        "skipValidation", "trustedCA", "minversion", "maxversion", "certificate:key", "certificate:crt",
        "extensions:serverName", "extensions:keyPassphrase", "extensions:pkcs12", "extensions:trustSystemCA", "extensions:allowPlainHttp",
        "extensions:drainTimeout",
    ];

    private static readonly string[] Sections = ["certificate", "extensions", "extensions:pins"];
    private static readonly string[] ListsThatAreNeverEmpty = ["extensions:subjectAltNames", "extensions:pins:spkiSha256"];
    private static readonly string[] Nothings = ["[]", "null", "\"\"", "{}"];

    public static TheoryData<string, string> EmptyKeys => Product([.. Values, .. Sections, .. ListsThatAreNeverEmpty], Nothings);

    public static TheoryData<string, string> ValuesOfOtherKinds => Product(Values, ["""["x"]""", """{ "a": "x" }""", "[[]]"]);

    [Theory]
    [MemberData(nameof(EmptyKeys))]
    public async Task AnEmptyKey_IsAnErrorWithItsPath(string key, string nothing)
    {
        var faults = await FaultsAsync(key, nothing);

        Assert.Equal([DiagnosticCodes.EmptyValue], faults.Select(fault => fault.Code));
        Assert.Contains($"OutboundTls:Upstreams:orders:{key}", faults[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ValuesOfOtherKinds))]
    public async Task AKeyOfOneValue_TakesNoOther(string key, string json)
    {
        var faults = await FaultsAsync(key, json);

        Assert.Equal([DiagnosticCodes.WrongNode], faults.Select(fault => fault.Code));
        var isListOfCertificates = json[0] == '[' && key is ("trustedCA" or "certificate:crt");
        var hint = isListOfCertificates ? "; put the certificates into one file, one after the other" : "";
        Assert.Equal($"OutboundTls:Upstreams:orders:{key} must be one value{hint}.", faults[0].Message);
    }

    [Theory]
    [InlineData("\"h2\"", DiagnosticCodes.WrongNode)]
    [InlineData("true", DiagnosticCodes.WrongNode)]
    [InlineData("""{ "first": "h2" }""", DiagnosticCodes.WrongNode)]
    [InlineData("""[["h2"]]""", DiagnosticCodes.WrongNode)]
    [InlineData("""[{ "id": "h2" }]""", DiagnosticCodes.WrongNode)]
    [InlineData("null", DiagnosticCodes.EmptyValue)]
    [InlineData("{}", DiagnosticCodes.EmptyValue)]
    [InlineData("""["h2", ""]""", DiagnosticCodes.BadAlpnLength)]
    [InlineData("""["h2", null]""", DiagnosticCodes.BadAlpnLength)]
    [InlineData("""[[]]""", DiagnosticCodes.BadAlpnLength)]
    public async Task Alpn_MustBeAListOfValues(string json, string code)
    {
        var faults = await FaultsAsync("alpn", json);

        Assert.Equal([code], faults.Select(fault => fault.Code));
        Assert.Contains("OutboundTls:Upstreams:orders:alpn", faults[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyAlpn_IsNone() =>
        Assert.Empty((await Registered.PolicyAsync(services => services.AddOutboundTls(Registered.Orders("""{ "alpn": [] }""")))).Alpn);

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("{}")]
    public async Task EmptyCiphers_AreTheDefaults(string nothing) => Assert.Equal(
        OutboundTlsPolicy.Default,
        await Registered.PolicyAsync(services => services.AddOutboundTls(Registered.Orders($$"""{ "ciphers": {{nothing}} }"""))));

    [Theory]
    [InlineData("\"TLS_RSA_WITH_AES_128_CBC_SHA\"", DiagnosticCodes.WrongNode)]
    [InlineData("""{ "a": "TLS_RSA_WITH_AES_128_CBC_SHA" }""", DiagnosticCodes.WrongNode)]
    [InlineData("""[["TLS_RSA_WITH_AES_128_CBC_SHA"]]""", DiagnosticCodes.WrongNode)]
    [InlineData("""[""]""", DiagnosticCodes.EmptyValue)]
    [InlineData("""[null]""", DiagnosticCodes.EmptyValue)]
    public async Task Ciphers_MustBeAListOfValues(string json, string code)
    {
        var faults = await FaultsAsync("ciphers", json);

        Assert.Equal([code], faults.Select(fault => fault.Code));
        Assert.Contains("OutboundTls:Upstreams:orders:ciphers", faults[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("extensions:subjectAltNames", "\"a.example\"", DiagnosticCodes.WrongNode)]
    [InlineData("extensions:subjectAltNames", """{ "type": "DNS", "value": "a.example" }""", DiagnosticCodes.WrongNode)]
    [InlineData("extensions:subjectAltNames", """["a.example"]""", DiagnosticCodes.WrongNode)]
    [InlineData("extensions:subjectAltNames", """[null]""", DiagnosticCodes.EmptyValue)]
    [InlineData("extensions:subjectAltNames", """[{}]""", DiagnosticCodes.EmptyValue)]
    [InlineData("extensions:subjectAltNames", """[[]]""", DiagnosticCodes.EmptyValue)]
    [InlineData("extensions:subjectAltNames", """[{ "type": ["DNS"], "value": "a.example" }]""", DiagnosticCodes.WrongNode)]
    [InlineData("extensions:subjectAltNames", """[{ "value": "a.example" }]""", DiagnosticCodes.UnknownNameType)]
    [InlineData("extensions:subjectAltNames", """[{ "type": null, "value": "a.example" }]""", DiagnosticCodes.UnknownNameType)]
    [InlineData("extensions:subjectAltNames", """[{ "type": "DNS" }]""", DiagnosticCodes.BadSubjectAltName)]
    [InlineData("extensions:subjectAltNames", """[{ "type": "DNS", "value": "*.example" }]""", DiagnosticCodes.BadSubjectAltName)]
    [InlineData("extensions:pins:spkiSha256", "\"x\"", DiagnosticCodes.WrongNode)]
    [InlineData("extensions:pins:spkiSha256", """{ "a": "x" }""", DiagnosticCodes.WrongNode)]
    [InlineData("extensions:pins:spkiSha256", """[["x"]]""", DiagnosticCodes.WrongNode)]
    [InlineData("extensions:pins:spkiSha256", """[""]""", DiagnosticCodes.BadPin)]
    [InlineData("extensions:pins:spkiSha256", """[null]""", DiagnosticCodes.BadPin)]
    public async Task AListOfExtensions_IsHeldToItsForm(string key, string json, string code)
    {
        var faults = await FaultsAsync(key, json);

        Assert.Equal([code], faults.Select(fault => fault.Code));
        Assert.StartsWith($"OutboundTls:Upstreams:orders:{key}", faults[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certificate", "\"-----BEGIN\"", DiagnosticCodes.WrongNode)]
    [InlineData("certificate", "true", DiagnosticCodes.WrongNode)]
    [InlineData("certificate", """["x"]""", DiagnosticCodes.UnknownKey)]
    [InlineData("extensions", "\"a.example\"", DiagnosticCodes.WrongNode)]
    [InlineData("extensions", """["x"]""", DiagnosticCodes.UnknownKey)]
    public async Task ASection_TakesNoOther(string key, string json, string code)
    {
        var fault = (await FaultsAsync(key, json))[0];

        Assert.Equal(code, fault.Code);
        Assert.Contains($"OutboundTls:Upstreams:orders:{key}", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Upstreams": { "orders": "" } }""", "Upstreams:orders", DiagnosticCodes.EmptyValue)]
    [InlineData("""{ "Upstreams": { "orders": [] } }""", "Upstreams:orders", DiagnosticCodes.EmptyValue)]
    [InlineData("""{ "Upstreams": { "orders": "1.2" } }""", "Upstreams:orders", DiagnosticCodes.WrongNode)]
    [InlineData("""{ "Upstreams": { } }""", "Upstreams", DiagnosticCodes.EmptyValue)]
    [InlineData("""{ "Upstreams": [] }""", "Upstreams", DiagnosticCodes.EmptyValue)]
    [InlineData("""{ "Upstreams": null }""", "Upstreams", DiagnosticCodes.EmptyValue)]
    [InlineData("""{ "Upstreams": "orders" }""", "Upstreams", DiagnosticCodes.WrongNode)]
    [InlineData("""{ "Upstreams": [ "orders" ] }""", "Upstreams:0", DiagnosticCodes.WrongNode)]
    [InlineData("""{ "PolicyFiles": null }""", "PolicyFiles", DiagnosticCodes.EmptyValue)]
    [InlineData("""{ "PolicyFiles": {} }""", "PolicyFiles", DiagnosticCodes.EmptyValue)]
    [InlineData("""{ "PolicyFiles": "policies" }""", "PolicyFiles", DiagnosticCodes.WrongNode)]
    [InlineData("""{ "PolicyFiles": { "a": "policies" } }""", "PolicyFiles", DiagnosticCodes.WrongNode)]
    [InlineData("""{ "PolicyFiles": [ " " ] }""", "PolicyFiles:0", DiagnosticCodes.EmptyValue)]
    [InlineData("""{ "PolicyFiles": [ null ] }""", "PolicyFiles:0", DiagnosticCodes.EmptyValue)]
    public async Task TheSectionItself_IsHeldToItsFormToo(string section, string path, string code)
    {
        var fault = await Registered.FaultAsync(services => services.AddOutboundTls(Registered.Json($$"""{ "OutboundTls": {{section}} }""").GetSection("OutboundTls")));

        Assert.Equal(code, fault.Code);
        Assert.StartsWith($"OutboundTls:{path} ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUpstreamWithNothingBelowIt_HasTheDefaultPolicy() =>
        Assert.Equal(OutboundTlsPolicy.Default, await Registered.PolicyAsync(services => services.AddOutboundTls(Registered.Orders("{}"))));

    [Theory]
    [InlineData("certificate")]
    [InlineData("extensions")]
    [InlineData("")]
    public async Task AValueBesideKeys_IsAnError(string key)
    {
        // Two providers can give a key both: what one of them says would go unseen.
        var path = key.Length == 0 ? "Upstreams:orders" : $"Upstreams:orders:{key}";
        var section = Registered.InMemory((path, "x"), ($"{path}:serverName", "a.example"));

        var faults = await Registered.FaultsAsync(services => services.AddOutboundTls(section));

        Assert.Contains(faults, fault => fault.Code == DiagnosticCodes.WrongNode && fault.Message.StartsWith($"OutboundTls:{path} ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    public async Task AValueBesideAList_IsAnError(string value)
    {
        var fault = await Registered.FaultAsync(services => services.AddOutboundTls(Registered.InMemory(("Upstreams:orders:alpn", value), ("Upstreams:orders:alpn:0", "h2"))));

        Assert.Equal(DiagnosticCodes.WrongNode, fault.Code);
        Assert.StartsWith("OutboundTls:Upstreams:orders:alpn ", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<List<TlsPolicyDiagnostic>> FaultsAsync(string key, string json)
    {
        var config = key.Split(':').Reverse().Aggregate(json, (below, name) => $$"""{ "{{name}}": {{below}} }""");
        var faults = await Registered.FaultsAsync(services => services.AddOutboundTls(Registered.Orders(config)));
        return [.. faults.Where(fault => fault.Severity == TlsPolicyDiagnosticSeverity.Error)];
    }

    private static TheoryData<string, string> Product(string[] keys, string[] values)
    {
        var data = new TheoryData<string, string>();
        foreach (var (key, value) in keys.SelectMany(key => values.Select(value => (key, value))))
        {
            data.Add(key, value);
        }

        return data;
    }
}
