using FlexTls.Support;
using Xunit;

namespace FlexTls.Resources;

/// <summary>A fault holds back what it belongs to, and what nobody can tell apart from it.</summary>
public sealed class PolicyFileReadingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("minversion: '1.4'")]
    [InlineData("trustedCA: $FLEXTLS_TEST_UNSET")]
    [InlineData("trustedCA: file:missing.pem")]
    [InlineData("trusted: x")]
    [InlineData("alpn: [*nothing]")]
    public void ABadBindingOfThree_LeavesTheOthersGood(string config)
    {
        var reading = Read(Binding("a") + Binding("b", config) + Binding("c"));

        Assert.Equal(["a", "c"], reading.Bindings.Select(binding => binding.TargetName));
        var faults = Assert.Single(reading.FaultyTargets);
        Assert.Equal(new ServiceName("default", "b"), faults.Key);
        Assert.Single(faults);
        Assert.Empty(reading.OtherFaults);
    }

    [Theory]
    [InlineData("metadata: {}")]
    [InlineData("metadata: { name: b, namespace: [] }")]
    [InlineData("metadata: { name: b, namespace: '' }")]
    public void ABindingWithoutAReadableTarget_IsAnotherFault(string metadata)
    {
        var reading = Read(Binding("a") + Binding("b").Replace("metadata: { name: b }", metadata, StringComparison.Ordinal));

        Assert.Equal("a", Assert.Single(reading.Bindings).TargetName);
        Assert.Empty(reading.FaultyTargets);
        Assert.NotEmpty(reading.OtherFaults);
    }

    [Fact]
    public void ATargetWithANamespaceThatCannotBeRead_IsNotTheOneOfTheDefaultNamespace()
    {
        var reading = Read(Binding("a").Replace("name: a }\n  policyRef", "name: a, namespace: '' }\n  policyRef", StringComparison.Ordinal));

        Assert.Empty(reading.Bindings);
        Assert.Empty(reading.FaultyTargets);
        Assert.Equal(["E:FTLS1007"], reading.OtherFaults.Codes());
    }

    [Fact]
    public void BadYaml_LeavesTheBindingsBeforeIt_AndIsAnotherFault()
    {
        var reading = Read(Binding("a") + "--- [\n" + Binding("b"));

        Assert.Equal("a", Assert.Single(reading.Bindings).TargetName);
        Assert.Empty(reading.FaultyTargets);
        Assert.Equal([DiagnosticCodes.YamlSyntax], reading.OtherFaults.Select(fault => fault.Code));
    }

    [Theory]
    [InlineData("kind: PolicyBinding", "kind: PolicyBindin")]
    [InlineData("v1alpha1", "v1alpha2")]
    public void AMisspelledResource_IsAnotherFault(string written, string misspelled)
    {
        var reading = Read(Binding("a").Replace(written, misspelled, StringComparison.Ordinal) + Binding("b"));

        Assert.Equal("b", Assert.Single(reading.Bindings).TargetName);
        Assert.NotEmpty(reading.OtherFaults);
    }

    [Fact]
    public void AGoodBindingBesideABadOneOfItsService_IsNotGood()
    {
        var reading = Read(Binding("a") + Binding("a", "trusted: x"));

        Assert.Empty(reading.Bindings);
        Assert.True(reading.FaultyTargets.Contains(new ServiceName("default", "a")));
    }

    [Fact]
    public void AfterTooManyAliases_NoBindingIsGood()
    {
        // Past the bound an alias gives nothing: 'ciphers' would count as left out.
        var many = string.Join(", ", Enumerable.Repeat("*n", YamlLimits.AliasNodes / 100));
        var tooMany = Binding("a", $"ciphers: &n [{string.Join(", ", Enumerable.Repeat("x", 200))}], alpn: [{many}]");
        var reading = Read(Binding("first") + tooMany + Binding("b", "ciphers: &c [TLS_RSA_WITH_AES_128_CBC_SHA], alpn: *c"));

        Assert.Equal("first", Assert.Single(reading.Bindings).TargetName);
        Assert.Equal(["a", "b"], reading.FaultyTargets.Select(faults => faults.Key.Name));
        Assert.All(reading.FaultyTargets, Assert.NotEmpty);
        Assert.Contains(DiagnosticCodes.TooManyAliasNodes, reading.OtherFaults.Select(fault => fault.Code));
    }

    [Fact]
    public void AfterTooManyErrors_AFaultyBindingIsStillKnown_AndWhatWasLeftOutIsAnotherFault()
    {
        var reading = Read(Binding("a", $"ciphers: [{string.Join(", ", Enumerable.Range(0, 1_100).Select(i => $"x{i}"))}]") + Binding("b", "trusted: x") + Binding("c"));

        Assert.Equal("c", Assert.Single(reading.Bindings).TargetName);
        Assert.Equal(["a", "b"], reading.FaultyTargets.Select(faults => faults.Key.Name));
        Assert.All(reading.FaultyTargets, Assert.NotEmpty);
        Assert.NotEmpty(reading.OtherFaults);
    }

    [Fact]
    public void AMissingFile_IsAnotherFault_AndHasAVersion()
    {
        var path = Path.Combine(_folder.FullName, "missing.yaml");

        var reading = PolicyFileReading.Read(path, namedAlone: true);

        Assert.Equal([DiagnosticCodes.UnreadableFile], reading.OtherFaults.Select(fault => fault.Code));
        Assert.Equal(ContentVersion.Unreadable("there is no such file"), reading.Versions[path]);
    }

    [Fact]
    public void Versions_AreOfTheFile_AndOfEveryFileThatItRefersTo()
    {
        var reading = Read(Binding("a", "trustedCA: file:ca.pem, certificate: { key: file:tls/client.key, crt: file:tls/client.crt }") + Binding("b", "extensions: { pkcs12: file:client.p12 }"));

        var files = new[] { "orders.yaml", "ca.pem", "tls/client.key", "tls/client.crt", "client.p12" }.Select(name => Path.Combine(_folder.FullName, name));
        Assert.Equal(files.Order(StringComparer.Ordinal), reading.Versions.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void CrossFileRules_OfTwoFilesForOneService_GiveTheService_AndLeaveTheOthers()
    {
        var (first, second) = (Read(Binding("a") + Binding("orders"), "a.yaml"), Read(Binding("orders") + Binding("b"), "b.yaml"));
        var diagnostics = new DiagnosticList();

        var duplicates = CrossFileRules.Check([first, second], diagnostics);

        var faults = Assert.Single(duplicates);
        Assert.Equal(new ServiceName("default", "orders"), faults.Key);
        Assert.Equal(["E:FTLS1014"], faults.Codes());
        Assert.Equal(faults, diagnostics.InFileOrder());
    }

    private static string Binding(string service, string config = "") => $$"""
        ---
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata: { name: {{service}} }
        spec:
          targetRef: { kind: Service, name: {{service}} }
          policyRef: { name: tls-outbound }
          config: { {{config}} }

        """;

    private PolicyFileReading Read(string text, string name = "orders.yaml")
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return PolicyFileReading.Read(path, namedAlone: true);
    }
}
