using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Sources;

/// <summary><c>$NAME</c> in the configuration: its value is used, and never quoted.</summary>
public sealed class EnvironmentValueTests : IDisposable
{
    private const string Secret = "hunter2-do-not-print";

    private readonly string _name = $"FLEXTLS_{Guid.NewGuid():N}";

    public static TheoryData<string> Keys =>
    [
        "skipValidation", "trustedCA", "minversion", "maxversion", "alpn:0", "ciphers:0", "extensions:serverName", "extensions:pkcs12",
        "extensions:trustSystemCA", "extensions:allowPlainHttp", "extensions:drainTimeout", "extensions:subjectAltNames:0:type", "extensions:pins:spkiSha256:0",
    ];

    public void Dispose() => Environment.SetEnvironmentVariable(_name, null);

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task ABadValue_IsToldByItsNameOnly(string key)
    {
        // Too long for a protocol id, and no host name, version, suite, boolean or PEM either.
        Environment.SetEnvironmentVariable(_name, $"{Secret} {new string('x', 256)}");

        var faults = await FaultsAsync((key, $"${_name}"));

        Assert.NotEmpty(faults);
        Assert.DoesNotContain(faults, fault => fault.ToString().Contains(Secret, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.True(fault.Message.Contains($"${_name}", StringComparison.Ordinal) || fault.Message.Contains(key, StringComparison.Ordinal), fault.Message));
    }

    [Theory]
    [InlineData("certificate:key")]
    [InlineData("certificate:crt")]
    public async Task ABadCertificate_IsToldByItsNameOnly(string key)
    {
        Environment.SetEnvironmentVariable(_name, Secret);

        var faults = await FaultsAsync(
            ("certificate:key", key == "certificate:key" ? $"${_name}" : Pki.Client.KeyPem()),
            ("certificate:crt", key == "certificate:crt" ? $"${_name}" : Pki.Client.ChainPem()));

        Assert.Equal(DiagnosticCodes.NoPem, Assert.Single(faults).Code);
        Assert.DoesNotContain(Secret, faults[0].ToString(), StringComparison.Ordinal);
        Assert.Contains($"${_name}", faults[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APolicyFilesEntry_IsNotExpanded_BecauseMessagesNameFiles()
    {
        Environment.SetEnvironmentVariable(_name, Secret);

        var fault = await Registered.FaultAsync(services => services.AddOutboundTls(Registered.InMemory(("PolicyFiles:0", $"${_name}"))));

        Assert.Equal(DiagnosticCodes.NoSuchFile, fault.Code);
        Assert.DoesNotContain(Secret, fault.ToString(), StringComparison.Ordinal);
        Assert.Contains($"${_name}", fault.FileName, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task AVariableThatIsNotSet_IsAnErrorThatNamesIt(string key)
    {
        var faults = await FaultsAsync((key, $"${_name}"));

        Assert.Equal(DiagnosticCodes.UnsetVariable, Assert.Single(faults).Code);
        Assert.Contains($"OutboundTls:Upstreams:orders:{key} is ${_name}", faults[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ValuesOfVariables_MakeThePolicy()
    {
        Environment.SetEnvironmentVariable(_name, Pki.Root.Pem.ReplaceLineEndings("\\n"));

        var policy = await Registered.PolicyAsync(services => services.AddOutboundTls(Registered.InMemory(("Upstreams:orders:trustedCA", $"${_name}"))));

        Assert.Equal(OutboundTlsPolicy.Create(Pki.Trusting()), policy);
    }

    [Fact]
    public async Task ANameThatMustBeThere_IsToldByItsVariable()
    {
        Environment.SetEnvironmentVariable(_name, Secret);
        var bad = await FaultsAsync(("extensions:subjectAltNames:0:type", "URI"), ("extensions:subjectAltNames:0:value", $"${_name}"));
        Environment.SetEnvironmentVariable(_name, $"https://user:{Secret}@a.example");
        var policy = await Registered.PolicyAsync(services => services.AddOutboundTls(Registered.InMemory(
            ("Upstreams:orders:extensions:subjectAltNames:0:type", "URI"), ("Upstreams:orders:extensions:subjectAltNames:0:value", $"${_name}"))));

        Assert.Equal($"OutboundTls:Upstreams:orders:extensions:subjectAltNames:0:value is ${_name}; write an absolute URI such as spiffe://example.org/orders.", Assert.Single(bad).Message);
        Assert.Equal([$"URI:${_name}"], policy.ExpectedNames);
    }

    [Fact]
    public async Task ADuration_IsNotToldByItsFixEither()
    {
        Environment.SetEnvironmentVariable(_name, "4711");
        var bad = await FaultsAsync(("extensions:drainTimeout", $"${_name}"));
        Environment.SetEnvironmentVariable(_name, "5m");
        var policy = await Registered.PolicyAsync(services => services.AddOutboundTls(Registered.InMemory(("Upstreams:orders:extensions:drainTimeout", $"${_name}"))));

        Assert.EndsWith($"extensions:drainTimeout is ${_name}; write a whole number and one unit (ms, s, m or h), from 0s to 24h, such as 30s.", Assert.Single(bad).Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(5), policy.DrainTimeout);
    }

    [Fact]
    public async Task AValue_IsNeitherAFileNorExpandedAgain()
    {
        Environment.SetEnvironmentVariable(_name, "file:/etc/ssl/certs/ca-certificates.crt");
        var asFile = await FaultsAsync(("trustedCA", $"${_name}"));
        Environment.SetEnvironmentVariable(_name, $"${_name}");
        var again = await FaultsAsync(("minversion", $"${_name}"));

        Assert.Equal(DiagnosticCodes.NotAReference, Assert.Single(asFile).Code);
        Assert.Equal(DiagnosticCodes.UnknownVersion, Assert.Single(again).Code);
    }

    [Fact]
    public async Task ALiteralDollar_IsWrittenTwice()
    {
        var fault = await Registered.FaultAsync(services => services.AddOutboundTls(Registered.InMemory(("Upstreams:orders:extensions:serverName", "$not a name"))));
        var escaped = await Registered.FaultAsync(services => services.AddOutboundTls(Registered.InMemory(("Upstreams:orders:extensions:serverName", "$$name"))));

        Assert.Equal(DiagnosticCodes.AmbiguousDollar, fault.Code);
        Assert.Equal(DiagnosticCodes.BadServerName, escaped.Code);
        Assert.Contains("'$name'", escaped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyInTheConfigurationItself_IsNeverQuoted()
    {
        var faults = await FaultsAsync(("certificate:key", Secret), ("certificate:crt", Pki.Client.ChainPem()), ("extensions:keyPassphrase", Secret));

        Assert.NotEmpty(faults);
        Assert.DoesNotContain(faults, fault => fault.ToString().Contains(Secret, StringComparison.Ordinal));
    }

    private static async Task<List<TlsPolicyDiagnostic>> FaultsAsync(params (string Key, string? Value)[] values)
    {
        var section = Registered.InMemory([.. values.Select(value => ($"Upstreams:orders:{value.Key}", value.Value))]);
        return [.. (await Registered.FaultsAsync(services => services.AddOutboundTls(section))).Where(fault => fault.Severity == TlsPolicyDiagnosticSeverity.Error)];
    }
}
