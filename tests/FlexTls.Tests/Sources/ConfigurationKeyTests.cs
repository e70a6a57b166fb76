using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Sources;

/// <summary>A policy in the configuration: every key is read, from every provider, and none that is unknown goes unseen.</summary>
public class ConfigurationKeyTests
{
    /// <summary>A policy that uses all keys that go together.</summary>
    private static readonly object EveryKey = new
    {
        skipValidation = false,
        trustedCA = Pki.Root.Pem,
        certificate = new { key = Pki.Client.KeyPem(), crt = Pki.Client.ChainPem(Pki.Intermediate.Certificate) },
        alpn = new[] { "http/1.1", "x-own" },
        minversion = "1.2",
        maxversion = 1.2,
        ciphers = new[] { "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
        extensions = new
        {
            serverName = Pki.Host,
            subjectAltNames = new object[] { new { type = "IP", value = "192.0.2.1" }, new { type = "DNS", value = Pki.Host } },
            trustSystemCA = true,
            pins = new { spkiSha256 = new[] { Pin(Pki.EcServer), Pin(Pki.Foreign.Certificate) } },
            drainTimeout = "5m",
        },
    };

    [Fact]
    public Task JsonOfEveryKey_IsOnTheWire() => AssertOnTheWireAsync(Registered.Orders(EveryKey));

    [Fact]
    public Task ValuesInMemory_AreOnTheWire() => AssertOnTheWireAsync(Registered.InMemory([.. Flat(EveryKey)]));

    [Fact]
    public async Task EnvironmentVariables_AreOnTheWire()
    {
        var prefix = $"FLEXTLS{Guid.NewGuid():N}_";
        try
        {
            foreach (var (key, value) in Flat(EveryKey))
            {
                Environment.SetEnvironmentVariable($"{prefix}OutboundTls__{key.Replace(":", "__", StringComparison.Ordinal)}", value);
            }

            await AssertOnTheWireAsync(new ConfigurationBuilder().AddEnvironmentVariables(prefix).Build().GetSection("OutboundTls"));
        }
        finally
        {
            foreach (var (key, _) in Flat(EveryKey))
            {
                Environment.SetEnvironmentVariable($"{prefix}OutboundTls__{key.Replace(":", "__", StringComparison.Ordinal)}", null);
            }
        }
    }

    [Theory]
    [InlineData("""{ "MINVERSION": "1.3", "Extensions": { "SERVERNAME": "a.example" }, "aLPN": [ "h2" ] }""")]
    [InlineData("""{ "minversion": 1.3, "extensions": { "serverName": "a.example" }, "alpn": [ "h2" ], "skipValidation": false }""")]
    [InlineData("""{ "minversion": 1.3, "extensions": { "serverName": "A.Example" }, "alpn": { "0": "h2" }, "skipValidation": "FALSE" }""")]
    public async Task LetterCaseAndKindOfJsonValue_DoNotMatter(string config)
    {
        var policy = await Registered.PolicyAsync(services => services.AddOutboundTls(Registered.Orders(config)));

        Assert.Equal(OutboundTlsPolicy.Create(new OutboundTlsOptions { MinVersion = TlsVersion.Tls13, Alpn = ["h2"], Extensions = new OutboundTlsExtensionOptions { ServerName = "a.example" } }), policy);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("\"true\"")]
    [InlineData("\"TRUE\"")]
    [InlineData("\"tRue\"")]
    public async Task SkipValidation_IsReadInAnyLetterCase(string value)
    {
        var policy = await Registered.PolicyAsync(services => services.AddOutboundTls(Registered.Orders($$"""{ "skipValidation": {{value}} }""")));

        Assert.True(policy.DangerousSkipValidation);
    }

    [Theory]
    [InlineData("\"yes\"")]
    [InlineData("1")]
    [InlineData("\"on\"")]
    public async Task SkipValidation_IsNoOtherWord(string value)
    {
        var fault = await Registered.FaultAsync(services => services.AddOutboundTls(Registered.Orders($$"""{ "skipValidation": {{value}} }""")));

        Assert.Equal(DiagnosticCodes.NotBoolean, fault.Code);
        Assert.Contains("OutboundTls:Upstreams:orders:skipValidation", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DrainTimeout_NeedsItsUnit_AlsoWhereJsonHasANumber()
    {
        var policy = await Registered.PolicyAsync(services => services.AddOutboundTls(Registered.Orders("""{ "extensions": { "draintimeout": "500ms" } }""")));
        var fault = await Registered.FaultAsync(services => services.AddOutboundTls(Registered.Orders("""{ "extensions": { "drainTimeout": 30 } }""")));

        Assert.Equal(TimeSpan.FromMilliseconds(500), policy.DrainTimeout);
        Assert.Equal(DiagnosticCodes.BadDuration, fault.Code);
        Assert.StartsWith("OutboundTls:Upstreams:orders:extensions:drainTimeout is '30';", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith("did you mean 30s?", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "PolicyFile": [] }""", "OutboundTls:PolicyFile", "did you mean PolicyFiles?")]
    [InlineData("""{ "Upstreams": { "orders": {} }, "ForbidDangerous": true }""", "OutboundTls:ForbidDangerous", "known keys here: PolicyFiles, Upstreams.")]
    [InlineData("""{ "Upstreams": { "orders": { "mnversion": "1.2" } } }""", "OutboundTls:Upstreams:orders:mnversion", "did you mean minversion?")]
    [InlineData("""{ "Upstreams": { "orders": { "DangerousSkipValidation": true } } }""", "OutboundTls:Upstreams:orders:DangerousSkipValidation", "skipValidation")]
    [InlineData("""{ "Upstreams": { "orders": { "certificate": { "cert": "x" } } } }""", "OutboundTls:Upstreams:orders:certificate:cert", "did you mean crt?")]
    [InlineData("""{ "Upstreams": { "orders": { "extensions": { "servername2": "x" } } } }""", "OutboundTls:Upstreams:orders:extensions:servername2", "did you mean serverName?")]
    [InlineData("""{ "Upstreams": { "orders": { "extensions": { "pkcs12": { "file": "x" }, "a": { "b": { "c": "x" } } } } } }""", "OutboundTls:Upstreams:orders:extensions:a", "known keys here")]
    public async Task AnUnknownKey_IsAnErrorWithItsPath(string section, string path, string hint)
    {
        var faults = await Registered.FaultsAsync(services => services.AddOutboundTls(Registered.Json($$"""{ "OutboundTls": {{section}} }""").GetSection("OutboundTls")));

        var fault = Assert.Single(faults, fault => fault.Code == DiagnosticCodes.UnknownKey);
        Assert.Equal(TlsPolicyDiagnosticSeverity.Error, fault.Severity);
        Assert.StartsWith($"unknown key '{path}'", fault.Message, StringComparison.Ordinal);
        Assert.Contains(hint, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "pins": { "spkiSha265": [ "x" ] } }""", "pins:spkiSha265", "did you mean spkiSha256?")]
    [InlineData("""{ "pins": [ "x" ] }""", "pins:0", "known keys here: spkiSha256.")]
    [InlineData("""{ "subjectAltNames": [ { "type": "DNS", "value": "a.example" }, { "type": "DNS", "value": "b.example", "comment": "" } ] }""", "subjectAltNames:1:comment", "known keys here: type, value.")]
    [InlineData("""{ "trustSystem": true }""", "trustSystem", "did you mean trustSystemCA?")]
    public async Task AnUnknownKeyOfExtensions_IsAnErrorWithItsPath(string extensions, string path, string hint)
    {
        var faults = await Registered.FaultsAsync(services => services.AddOutboundTls(Registered.Orders($$"""{ "extensions": {{extensions}} }""")));

        var fault = Assert.Single(faults, fault => fault.Code == DiagnosticCodes.UnknownKey);
        Assert.StartsWith($"unknown key 'OutboundTls:Upstreams:orders:extensions:{path}'", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(hint, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FaultsOfAllDepths_AreToldAtOnce()
    {
        var faults = await Registered.FaultsAsync(services => services.AddOutboundTls(Registered.Json("""
            { "OutboundTls": { "a": 1, "Upstreams": { "orders": { "b": 1, "certificate": { "c": 1 }, "extensions": { "d": 1 } }, "billing": { "minversion": "1.4" } } } }
            """).GetSection("OutboundTls")));

        var paths = faults.Where(fault => fault.Code == DiagnosticCodes.UnknownKey).Select(fault => fault.Message.Split('\'')[1]);
        Assert.Equal(
            ["OutboundTls:Upstreams:orders:b", "OutboundTls:Upstreams:orders:certificate:c", "OutboundTls:Upstreams:orders:extensions:d", "OutboundTls:a"],
            paths.Order(StringComparer.Ordinal));
        Assert.Contains("OutboundTls:Upstreams:billing:minversion", Assert.Single(faults, fault => fault.Code == DiagnosticCodes.UnknownVersion).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policies/orders.yaml")]
    [InlineData("./orders")]
    [InlineData("a/b/c")]
    [InlineData("/orders")]
    public async Task AnUpstreamThatIsNoName_IsAnError(string name)
    {
        var fault = await Registered.FaultAsync(services => services.AddOutboundTls(Registered.InMemory(($"Upstreams:{name}:minversion", "1.2"))));

        Assert.Equal(DiagnosticCodes.NotAServiceName, fault.Code);
        Assert.Contains($"OutboundTls:Upstreams:{name}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("PolicyFiles", fault.Message, StringComparison.Ordinal);
    }

    private static string Pin(X509Certificate2 certificate) => Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    private static IEnumerable<(string Key, string? Value)> Flat(object config) => Registered.Orders(config).AsEnumerable(makePathsRelative: true)
        .Where(entry => entry.Value is not null).Select(entry => (entry.Key, entry.Value));

    private static async Task AssertOnTheWireAsync(IConfiguration section)
    {
        await using var upstream = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer) { ClientCertificates = ClientCertificateMode.RequireCertificate }, Deadline.Token());
        await using var clients = ClientHost.Create(services => services.AddOutboundTls(section).AddHttpClient("orders").AddOutboundTls());

        await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        var seen = Assert.Single(upstream.Requests);
        Assert.Equal(SslProtocols.Tls12, seen.TlsVersion);
        Assert.Equal(["1.2"], seen.Hello!.Versions.Select(version => version.Replace("TLS ", "", StringComparison.Ordinal)));
        Assert.Equal([TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384], seen.Hello.CipherSuites);
        Assert.Equal(["http/1.1", "x-own"], seen.Hello.Alpn);
        Assert.Equal(Pki.Host, seen.Hello.ServerName);
        Assert.Equal(Pki.Client.Subject, seen.ClientCertificate);
    }
}
