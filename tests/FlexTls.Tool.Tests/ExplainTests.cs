using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Tool;

/// <summary><c>flextls explain</c>: where settings come from, and what a change does.</summary>
public sealed class ExplainTests : IDisposable
{
    private const string Pin = "jkxZTFM0H9V8wYkhqMtnDsqOQmrEwqxnLWfHhMnBSBk=";
    private const string OtherPin = "akxZTFM0H9V8wYkhqMtnDsqOQmrEwqxnLWfHhMnBSBk=";

    private static readonly string Client = ClientCertificate();

    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("flextls-test-");

    private static IReadOnlyList<string> Configs { get; } =
    [
        "{}", "skipValidation: true", "minversion: '1.3'", "maxversion: '1.2'", "trustedCA: file:ca.pem",
        "ciphers: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]", "ciphers: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]",
        "ciphers: [TLS_RSA_WITH_AES_128_GCM_SHA256]", "alpn: [h2]",
        "trustedCA: file:ca.pem\n    extensions: { trustSystemCA: true }",
        $"extensions: {{ pins: {{ spkiSha256: [{Pin}] }} }}",
        $"extensions: {{ pins: {{ spkiSha256: [{Pin}, {OtherPin}] }} }}",
        "extensions: { subjectAltNames: [{ type: DNS, value: a.example }] }",
        "extensions: { subjectAltNames: [{ type: DNS, value: a.example }, { type: DNS, value: b.example }] }",
        "extensions: { allowPlainHttp: true }", "extensions: { drainTimeout: 5s }",
        "extensions: { serverName: a.example }",
        Client, $"{Client}\n    extensions: {{ requireMutualTls: true }}",
    ];

    public static TheoryData<string> Befores => [.. Configs];

    [Theory]
    [MemberData(nameof(Befores))]
    public void WhatIsWeaker_IsWhatAReloadReports(string before)
    {
        var old = Load(before);
        foreach (var next in Configs.Select(Load))
        {
            var differences = PolicyDifferences.Between(old, next).ToList();

            Assert.Equal(
                PolicyChange.Between(old.Policy, next.Policy).Weaker.Count > 0,
                differences.Exists(one => one.Effect == Effect.Weaker));
            Assert.Equal(old.Policy.Equals(next.Policy), differences.Count == 0);
        }
    }

    [Fact]
    public void WhatIsWeakerOneWay_IsStrongerTheOther()
    {
        foreach (var (one, other) in Configs.SelectMany(one => Configs, (one, other) => (Load(one), Load(other))))
        {
            var there = PolicyDifferences.Between(one, other).ToDictionary(found => found.Name, found => found.Effect);

            // A list in which one entry takes the place of another accepts something new either way.
            Assert.All(
                PolicyDifferences.Between(other, one).Where(found => found.Name is not ("pins" or "subjectAltNames")),
                back => Assert.Equal(back.Effect == Effect.Weaker, there[back.Name] == Effect.Stronger));
        }
    }

    [Fact]
    public async Task EachKey_IsTheOriginOfItsSetting()
    {
        var file = Write("all.yaml", Bindings.Of(
            "trustedCA: file:ca.pem\n    MinVersion: '1.2'\n    maxversion: '1.3'\n    ciphers: []\n    alpn: [h2]\n"
            + $"    {Client}\n    extensions:\n      serverName: a.example\n      drainTimeout: 5s"));

        var run = await ToolRun.OfAsync("explain", "orders", file);

        Assert.True(run.ExitCode == 0, run.Error);
        foreach (var origin in new[]
        {
            $"[minversion {file}(13), maxversion {file}(14)]", $"[{file}(15)]", $"[{file}(16)]",
            $"[trustedCA {file}(12)]",
            $"[certificate {file}(17)]", $"[extensions.serverName {file}(21)]", $"[{file}(22)]",
        })
        {
            Assert.Contains(origin, run.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TheOriginInAnAppsettingsFile_IsTheKey()
    {
        var file = Write(
            "appsettings.json", """{ "OutboundTls": { "Upstreams": { "orders": { "minversion": "1.3" } } } }""");

        var run = await ToolRun.OfAsync("explain", "orders", file);

        Assert.Contains("[minversion OutboundTls:Upstreams:orders:minversion]", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoPrivateKey_IsShown()
    {
        var run = await ToolRun.OfAsync("explain", "orders", Write("mutual.yaml", Bindings.Of(Client)));

        Assert.Contains("CN=explained", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", run.Out + run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _temp.Delete(recursive: true);

    private static string ClientCertificate()
    {
        using var certificate = ExampleFolder.CA.IssueClient("CN=explained");
        string[] lines =
        [
            "certificate:", $"      key: \"{certificate.KeyPem().ReplaceLineEndings("\\n")}\"",
            $"      crt: \"{certificate.ExportCertificatePem().ReplaceLineEndings("\\n")}\"",
        ];
        return string.Join('\n', lines);
    }

    private OutboundTlsContext Load(string config) =>
        new TlsContextFactory().Create(
            TlsPolicyFile.Load(Write("policy.yaml", Bindings.Of(config))).Bindings[0].Policy);

    private string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(_temp.FullName, "ca.pem"), ExampleFolder.CA.Pem);
        var path = Path.Combine(_temp.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
