using FlexTls.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Sources;

/// <summary>The section that is passed must be there, and be the section itself.</summary>
public class ConfigurationSectionTests
{
    private const string Text = """{ "OutboundTls": { "Upstreams": { "orders": { "minversion": "1.3" } } }, "Logging": { "a": "b" } }""";

    [Theory]
    [InlineData("OutboundTLS2")]
    [InlineData("Logging:a")]
    [InlineData("Outbound:Tls")]
    public async Task AMissingSection_IsAnErrorThatNamesIt(string path)
    {
        var fault = await Registered.FaultAsync(services => services.AddOutboundTls(Registered.Json(Text).GetSection(path)));

        Assert.Equal(DiagnosticCodes.NoSuchSection, fault.Code);
        Assert.Contains($"'{path}'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"x\"")]
    public async Task ASectionWithoutKeys_IsAnError(string value) => Assert.Equal(
        DiagnosticCodes.NoSuchSection,
        (await Registered.FaultAsync(services => services.AddOutboundTls(Registered.Json($$"""{ "OutboundTls": {{value}} }""").GetSection("OutboundTls")))).Code);

    [Fact]
    public async Task TheWholeConfiguration_IsAnErrorThatSaysWhatToPass()
    {
        var fault = await Registered.FaultAsync(services => services.AddOutboundTls(Registered.Json(Text)));

        Assert.Equal(DiagnosticCodes.NoSuchSection, fault.Code);
        Assert.Contains("configuration.GetSection(\"OutboundTls\")", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheWholeConfigurationOfAHost_IsAnError()
    {
        await using var host = new PolicyHost();
        host.Builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("OutboundTls:Upstreams:orders:minversion", (string?)"1.3")]);
        host.Builder.Services.AddOutboundTls(host.Builder.Configuration);

        var fault = Assert.Single((await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics);

        Assert.Equal(DiagnosticCodes.NoSuchSection, fault.Code);
    }

    [Theory]
    [InlineData("", "it has no section 'OutboundTls'")]
    [InlineData("My", "configuration.GetSection(\"My:Tls\")")]
    [InlineData("My:Tls:Upstreams", "configuration.GetSection(\"My:Tls\")")]
    [InlineData("My:Tls:Upstreams:orders", "configuration.GetSection(\"My:Tls\")")]
    [InlineData("My:Tls:PolicyFiles", "configuration.GetSection(\"My:Tls\")")]
    [InlineData("Logging", "neither Upstreams nor PolicyFiles")]
    [InlineData("My:Tls:Upstreams:billing", "has no section 'My:Tls:Upstreams:billing'")]
    public async Task ASectionAboveOrBelow_IsOneErrorThatSaysWhatToPass(string path, string expected)
    {
        const string All = """
            { "My": { "Tls": { "PolicyFiles": ["a.yaml"], "Upstreams": { "orders": { "minversion": "1.3" } } } },
              "Logging": { "LogLevel": { "Default": "Warning" }, "Console": "x" }, "PATH": "/bin", "HOME": "/", "USER": "me", "LANG": "C" }
            """;
        var configuration = Registered.Json(All);

        foreach (var call in new Action<IServiceCollection>[]
        {
            services => services.AddOutboundTls(path.Length == 0 ? configuration : configuration.GetSection(path)),
            services => services.AddOutboundTls(tls => tls.AddConfiguration(path.Length == 0 ? configuration : configuration.GetSection(path))),
        })
        {
            var fault = await Registered.FaultAsync(call);

            Assert.Equal(DiagnosticCodes.NoSuchSection, fault.Code);
            Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("HOME", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TheWholeConfigurationOfAHost_WithEnvironmentVariables_IsOneError()
    {
        await using var host = new PolicyHost();
        host.Builder.Configuration.AddEnvironmentVariables();
        host.Builder.Services.AddOutboundTls(host.Builder.Configuration);

        var fault = Assert.Single((await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics);

        Assert.Equal(DiagnosticCodes.NoSuchSection, fault.Code);
        Assert.Contains("AddOutboundTls(configuration.GetSection(\"OutboundTls\"))", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PATH", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMisspelledKeyOfASection_IsStillToldAsOne()
    {
        var fault = await Registered.FaultAsync(services => services.AddOutboundTls(
            Registered.Json("""{ "OutboundTls": { "Upstream": { "orders": { "minversion": "1.3" } } } }""").GetSection("OutboundTls")));

        Assert.Equal(DiagnosticCodes.UnknownKey, fault.Code);
    }

    [Fact]
    public async Task AnEmptyConfiguration_IsAnError() => Assert.Equal(
        DiagnosticCodes.NoSuchSection,
        (await Registered.FaultAsync(services => services.AddOutboundTls(new ConfigurationBuilder().Build()))).Code);

    [Fact]
    public async Task ASectionOfAnyName_IsTaken()
    {
        var policy = await Registered.PolicyAsync(services => services.AddOutboundTls(
            Registered.Json("""{ "My": { "Tls": { "Upstreams": { "orders": { "minversion": "1.3" } } } } }""").GetSection("My:Tls")));

        Assert.Equal(TlsVersion.Tls13, policy.Versions.Min);
    }

    [Fact]
    public async Task AConfigurationThatHoldsTheSectionAlone_IsTaken()
    {
        var policy = await Registered.PolicyAsync(services => services.AddOutboundTls(Registered.Json("""{ "Upstreams": { "orders": { "minversion": "1.3" } } }""")));

        Assert.Equal(TlsVersion.Tls13, policy.Versions.Min);
    }

    [Fact]
    public async Task FaultsOfSeveralSections_AreToldAtOnce()
    {
        var root = Registered.Json("""{ "A": { "Upstreams": { "orders": { "minversion": "1.4" } } }, "B": { "Upstreams": { "billing": { "maxversion": "1.5" } } } }""");

        var faults = await Registered.FaultsAsync(services => services
            .AddOutboundTls(root.GetSection("A")).AddOutboundTls(root.GetSection("B")).AddOutboundTls(root.GetSection("C")));

        Assert.Equal(
            [DiagnosticCodes.UnknownVersion, DiagnosticCodes.UnknownVersion, DiagnosticCodes.NoSuchSection],
            faults.Select(fault => fault.Code).Order(StringComparer.Ordinal));
    }
}
