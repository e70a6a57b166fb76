using FlexTls.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Sources;

/// <summary>What is registered is read in parts, each of which can be bad without the others.</summary>
public sealed class PolicySourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");
    private readonly OutboundTlsRegistration _sources = new();
    private PolicySources? _finder;
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();

    public void Dispose()
    {
        _services.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void AConfigurationSource_WhoseProviderThrows_HasAFaultOfItsOwn_WithoutTheProvidersWords()
    {
        var configuration = new ConfigurationBuilder().Add(new ThrowingSource()).Build();
        var section = configuration.GetSection("Tls");
        var reading = InSection(section).Read();

        var fault = Assert.Single(reading.OtherFaults);
        Assert.Equal(DiagnosticCodes.ConfigurationFailed, fault.Code);
        Assert.DoesNotContain("a secret", fault.Message, StringComparison.Ordinal);
        Assert.Empty(reading.Policies);
    }

    [Fact]
    public void Find_GivesFiles_Code_AndConfiguration_EqualEachTime()
    {
        Write("a.yaml", PolicyYaml.Binding("a", "{}"));
        Write("b.yaml", PolicyYaml.Binding("b", "{}"));
        _sources.PolicyFiles.Add("a.yaml");
        _sources.Policies.Add(("c", new PolicyInCode(_ => { })));
        var configuration = Registered.Json(
            """{ "Tls": { "PolicyFiles": ["b*.yaml"], "Upstreams": { "d": {} } } }""");
        _sources.Configurations.Add(configuration.GetSection("Tls"));

        var sources = Find();

        Assert.Equal(
            ["a", "b", "c", "d"],
            sources.SelectMany(source => source.Read().Policies).Select(found => found.Key.ToString()));
        Assert.Equal(sources, Find());
        Write("b2.yaml", PolicyYaml.Binding("b2", "{}"));
        Assert.Equal([new PolicyFileSource(PathOf("b2.yaml"), NamedAlone: false)], Find().Except(sources));
    }

    [Fact]
    public void AFileSource_WithABadBinding_KeepsTheOthers()
    {
        Write("a.yaml", PolicyYaml.Binding("good", "{}") + PolicyYaml.Binding("payments/bad", "minversion: '1.4'"));

        var reading = new PolicyFileSource(PathOf("a.yaml"), NamedAlone: true).Read();

        var (name, registered) = Assert.Single(reading.Policies);
        Assert.Equal(UpstreamKey.OfService("default", "good"), name);
        Assert.Equal((PathOf("a.yaml"), 2), (registered.Place.FileName, registered.Place.Line));
        Assert.Equal(UpstreamKey.OfService("payments", "bad"), Assert.Single(reading.Faulty).Key);
        Assert.Empty(reading.OtherFaults);
    }

    [Fact]
    public void AConfigurationSource_WithABadEntry_KeepsTheOthers_AndKnowsTheFiles()
    {
        Write("ca.pem", Pki.Root.Pem);
        var reading = Configuration("""
            {
              "Upstreams": {
                "a": { "trustedCA": "file:ca.pem" },
                "b": { "trustedCA": "file:missing.pem" },
                "c": { "alpn": "x" }
              }
            }
            """).Read();

        Assert.Equal("a", Assert.Single(reading.Policies).Key.ToString());
        Assert.Equal(["b", "c"], reading.Faulty.Select(faults => faults.Key.ToString()));
        Assert.Empty(reading.OtherFaults);
        Assert.Equal(
            [PathOf("ca.pem"), PathOf("missing.pem"), "configuration 0"],
            reading.Versions.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{ "Upstreams": { "a": {} }, "Upstream": { "b": {} } }""", DiagnosticCodes.UnknownKey)]
    [InlineData("""{ "Upstreams": { "a": {}, "b/c/d": {} } }""", DiagnosticCodes.NotAServiceName)]
    [InlineData("""{ "Upstreams": { "a": {} }, "PolicyFiles": [" "] }""", DiagnosticCodes.EmptyValue)]
    public void AConfigurationSource_WithAFaultOfNoUpstream_SaysSo(string json, string code)
    {
        var reading = Configuration(json).Read();

        Assert.Equal("a", Assert.Single(reading.Policies).Key.ToString());
        Assert.Empty(reading.Faulty);
        Assert.Equal([code], reading.OtherFaults.Select(fault => fault.Code));
    }

    [Fact]
    public void ACodeSource_AsksTheProgramOnce_AndReadsItsFilesEachTime()
    {
        var calls = 0;
        Write("ca.pem", Pki.Root.Pem);
        var source = new CodeSource(
            "orders", null,
            new PolicyInCode(options => options.TrustedCA = ++calls == 1 ? "file:ca.pem" : null),
            _services, _folder.FullName)
        { Calls = new BoundedCalls(TimeProvider.System) };

        var before = source.Read();
        Write("ca.pem", "no PEM");
        var bad = source.Read();
        Write("ca.pem", Pki.Root.Pem);
        var after = source.Read();

        Assert.Equal(1, calls);
        Assert.Empty(bad.Policies);
        Assert.Equal("orders", Assert.Single(bad.Faulty).Key.ToString());
        Assert.Equal(before.Policies[0].Policy.Policy, after.Policies[0].Policy.Policy);
        Assert.Equal(before.Versions, after.Versions);
        Assert.NotEqual(before.Versions, bad.Versions);
    }

    [Fact]
    public void Combine_HoldsBackAnUpstreamOfTwoSources_AndNoOther()
    {
        Write("a.yaml", PolicyYaml.Binding("orders", "{}") + PolicyYaml.Binding("a", "{}"));
        Write("b.yaml", PolicyYaml.Binding("stock", "{}") + PolicyYaml.Binding("b", "{}"));
        Write("c.yaml", PolicyYaml.Binding("stock", "{}"));
        _sources.PolicyFiles.Add("*.yaml");
        _sources.Policies.Add(("orders", new PolicyInCode(OutboundTlsPolicy.Default)));
        var diagnostics = new DiagnosticList();

        var combined = DesiredUpstreams.Combine([.. Find().Select(source => source.Read())], diagnostics);

        Assert.Equal(["a", "b"], combined.Policies.Keys.Select(name => name.ToString()));
        Assert.Equal([DiagnosticCodes.DuplicateBinding], CodesOf(combined, "stock"));
        Assert.Equal([DiagnosticCodes.UpstreamTwice], CodesOf(combined, "orders"));
        Assert.Equal(2, diagnostics.ErrorCount);
    }

    [Fact]
    public void Combine_AnUpstreamThatIsFaultyInOneSource_IsNotTakenFromAnother()
    {
        Write("a.yaml", PolicyYaml.Binding("orders", "minversion: '1.4'"));
        Write("b.yaml", PolicyYaml.Binding("orders", "{}"));
        _sources.PolicyFiles.Add("*.yaml");

        var combined = DesiredUpstreams.Combine([.. Find().Select(source => source.Read())], new DiagnosticList());

        Assert.Empty(combined.Policies);
        Assert.Single(CodesOf(combined, "orders"));
    }

    private static IEnumerable<string> CodesOf(DesiredUpstreams combined, string service) =>
        combined.Faulty[UpstreamKey.OfService("default", service)].Select(fault => fault.Code);

    private IReadOnlyList<PolicySource> Find()
    {
        var diagnostics = new DiagnosticList();
        _finder ??= new PolicySources(
            _sources, _folder.FullName, configuration: null, BoundedReads.Default, SecretProviders.None, _services,
            TimeProvider.System);
        var sources = _finder.Find(_finder.Name(null, diagnostics), diagnostics);
        Assert.False(diagnostics.HasErrors);
        return sources;
    }

    private ConfigurationSource Configuration(string json)
    {
        IConfiguration section = Registered.Json($$"""{ "Tls": {{json}} }""").GetSection("Tls");
        return InSection(section);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    private sealed class ThrowingSource : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) =>
            throw new InvalidOperationException("a secret");
    }

    private ConfigurationSource InSection(IConfiguration section) =>
        new(0, section, Registered: null, _folder.FullName) { Layers = new ConfigurationLayers() };
}
