using System.Text;
using FlexTls.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Sources;

/// <summary>A list that two providers fill would be mixed index by index: an error, however the configuration is put together.</summary>
public class TwoProvidersTests
{
    private const string Base = """{ "OutboundTls": { "Upstreams": { "orders": { "alpn": [ "h2", "http/1.1" ], "minversion": "1.2" } } } }""";
    private const string Other = """{ "OutboundTls": { "Upstreams": { "orders": { "alpn": [ "http/1.1" ] } } } }""";

    [Fact]
    public Task TwoProviders_AreAnError() => AssertMixedAsync(Build(Base, Other).GetSection("OutboundTls"));

    [Fact]
    public Task TheConfigurationOfAHost_IsLookedThrough()
    {
        var manager = new ConfigurationManager();
        manager.AddJsonStream(Stream(Base)).AddJsonStream(Stream(Other));
        return AssertMixedAsync(manager.GetSection("OutboundTls"));
    }

    [Fact]
    public Task AChainedConfiguration_IsLookedThrough() => AssertMixedAsync(
        new ConfigurationBuilder().AddConfiguration(Build(Base)).AddJsonStream(Stream(Other)).Build().GetSection("OutboundTls"));

    [Fact]
    public Task AChainWithinAChain_IsLookedThrough() => AssertMixedAsync(
        new ConfigurationBuilder().AddConfiguration(new ConfigurationBuilder().AddConfiguration(Build(Base, Other)).Build()).Build().GetSection("OutboundTls"));

    [Fact]
    public Task AChainedSection_IsLookedThrough() => AssertMixedAsync(
        new ConfigurationBuilder().AddConfiguration(Build($$"""{ "Shared": {{Base}} }""").GetSection("Shared")).AddJsonStream(Stream(Other)).Build().GetSection("OutboundTls"));

    [Fact]
    public Task TwoProvidersOfAChainedSection_AreAnError() => AssertMixedAsync(
        new ConfigurationBuilder().AddConfiguration(Build($$"""{ "Shared": {{Base}} }""", $$"""{ "Shared": {{Other}} }""").GetSection("Shared")).Build().GetSection("OutboundTls"));

    [Fact]
    public Task ASectionOfAnotherConfigurationThanTheRegistered_IsLookedThrough() =>
        AssertMixedAsync(Build(Base, Other).GetSection("OutboundTls"), services => services.AddSingleton<IConfiguration>(Build("""{ "a": "b" }""")));

    [Fact]
    public Task TheRegisteredConfiguration_IsLookedThrough()
    {
        var root = Build(Base, Other);
        return AssertMixedAsync(root.GetSection("OutboundTls"), services => services.AddSingleton<IConfiguration>(root));
    }

    [Fact]
    public async Task EnvironmentVariablesOverAFile_AreAnError()
    {
        var prefix = $"FLEXTLS{Guid.NewGuid():N}_";
        var variable = $"{prefix}OutboundTls__Upstreams__orders__alpn__0";
        Environment.SetEnvironmentVariable(variable, "http/1.1");
        try
        {
            await AssertMixedAsync(new ConfigurationBuilder().AddJsonStream(Stream(Base)).AddEnvironmentVariables(prefix).Build().GetSection("OutboundTls"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Fact]
    public async Task PolicyFilesOfTwoProviders_AreAnErrorToo()
    {
        var root = Build("""{ "OutboundTls": { "PolicyFiles": [ "a", "b" ] } }""", """{ "OutboundTls": { "PolicyFiles": [ "c" ] } }""");

        var fault = await Registered.FaultAsync(services => services.AddOutboundTls(root.GetSection("OutboundTls")));

        Assert.Equal(DiagnosticCodes.ListOfTwoProviders, fault.Code);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    public Task AnEmptyListOverAnother_IsAnError(string nothing) =>
        // The entries of the first stay in force, and the second was written to take them away.
        AssertMixedAsync(Build(Base, $$"""{ "OutboundTls": { "Upstreams": { "orders": { "alpn": {{nothing}} } } } }""").GetSection("OutboundTls"));

    [Fact]
    public Task AListOverAnEmptyOne_IsAnError() =>
        AssertMixedAsync(Build("""{ "OutboundTls": { "Upstreams": { "orders": { "alpn": [] } } } }""", Base).GetSection("OutboundTls"));

    [Theory]
    [InlineData("extensions:subjectAltNames:0:value", "b.example", "subjectAltNames")]
    [InlineData("extensions:subjectAltNames:0:TYPE", "URI", "subjectAltNames")]
    [InlineData("extensions:subjectAltNames:1:value", "b.example", "subjectAltNames")]
    [InlineData("extensions:subjectAltNames", "", "subjectAltNames")]
    [InlineData("extensions:pins:spkiSha256:1", "x", "pins:spkiSha256")]
    public async Task AValueDeepInAList_IsAnErrorToo(string key, string value, string list)
    {
        var json = $$"""
            { "OutboundTls": { "Upstreams": { "orders": { "extensions": {
              "subjectAltNames": [ { "type": "DNS", "value": "a.example" } ], "pins": { "spkiSha256": [ "{{Convert.ToBase64String(new byte[32])}}" ] } } } } } }
            """;
        var root = new ConfigurationBuilder().AddJsonStream(Stream(json)).AddInMemoryCollection([KeyValuePair.Create<string, string?>($"OutboundTls:Upstreams:orders:{key}", value)]).Build();

        var fault = await Registered.FaultAsync(services => services.AddOutboundTls(root.GetSection("OutboundTls")));

        Assert.Equal(DiagnosticCodes.ListOfTwoProviders, fault.Code);
        Assert.StartsWith($"OutboundTls:Upstreams:orders:extensions:{list} ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSameListTwice_IsNoError()
    {
        var policy = await Registered.PolicyAsync(services => services.AddOutboundTls(Build(Base, Base).GetSection("OutboundTls")));

        Assert.Equal(["h2", "http/1.1"], policy.Alpn);
    }

    [Fact]
    public async Task OtherKeysOfASecondProvider_LieOverTheFirstAsUsual()
    {
        var root = Build(Base, """{ "OutboundTls": { "Upstreams": { "orders": { "minversion": "1.3", "ciphers": [] }, "billing": { "alpn": [ "h2" ] } } } }""");

        var policy = await Registered.PolicyAsync(services => services.AddOutboundTls(root.GetSection("OutboundTls")));

        Assert.Equal((TlsVersion.Tls13, 2), (policy.Versions.Min, policy.Alpn.Count));
    }

    private static async Task AssertMixedAsync(IConfiguration section, Action<IServiceCollection>? configure = null)
    {
        var fault = await Registered.FaultAsync(services =>
        {
            configure?.Invoke(services);
            services.AddOutboundTls(section);
        });

        Assert.Equal(DiagnosticCodes.ListOfTwoProviders, fault.Code);
        Assert.StartsWith("OutboundTls:Upstreams:orders:alpn ", fault.Message, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Build(params string[] texts) =>
        texts.Aggregate((IConfigurationBuilder)new ConfigurationBuilder(), (builder, text) => builder.AddJsonStream(Stream(text))).Build();

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
