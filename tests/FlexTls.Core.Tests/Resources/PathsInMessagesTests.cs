using Xunit;

namespace FlexTls.Resources;

/// <summary>Messages have paths without detours.</summary>
public sealed class PathsInMessagesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flextls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("file:../ca.pem", "ca.pem")]
    [InlineData("file:./ca.pem", "policies/ca.pem")]
    [InlineData("file:x/../../ca.pem", "ca.pem")]
    [InlineData("file:.//ca.pem", "policies/ca.pem")]
    public void AReferenceToAFile(string reference, string path)
    {
        Write("policies/orders.yaml", $"trustedCA: {reference}");

        var fault = Assert.Single(Refused("policies/orders.yaml"));

        Assert.Contains($"the file '{PathOf(path)}' cannot be used", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./policies/orders.yaml")]
    [InlineData("policies/../policies//orders.yaml")]
    [InlineData("policies/../policies")]
    [InlineData("x/../policies/*.yaml")]
    [InlineData("./**/orders.yaml")]
    public void ThePolicyFile(string name)
    {
        Write("policies/orders.yaml", "nothing: true");

        Assert.All(Refused(name), fault => Assert.Equal(PathOf("policies/orders.yaml"), fault.FileName));
    }

    [Theory]
    [InlineData("./policies/../none.yaml", "none.yaml")]
    [InlineData("./policies/../none/*.yaml", "none/*.yaml")]
    public void ANameThatMatchesNothing(string name, string path)
    {
        var fault = Assert.Single(Refused(name));

        Assert.Equal(PathOf(path), fault.FileName);
        Assert.Contains($"under '{PathOf(path)}'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARelativeName_StaysRelative()
    {
        var failed = Assert.Throws<TlsPolicyException>(() => TlsPolicyFile.Load("./x/../no-such-file.yaml"));

        var fault = Assert.Single(failed.Diagnostics);
        Assert.Equal("no-such-file.yaml", fault.FileName);
    }

    private IReadOnlyList<TlsPolicyDiagnostic> Refused(string name) =>
        Assert.Throws<TlsPolicyException>(() => TlsPolicyFile.Load($"{_folder}/{name}")).Diagnostics;

    private string PathOf(string path) => Path.GetFullPath(Path.Combine(_folder, path));

    private void Write(string path, string config)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), $"""
            apiVersion: gateway.mulesoft.com/v1alpha1
            kind: PolicyBinding
            metadata: {"{ name: orders }"}
            spec:
              targetRef: {"{ kind: Service, name: orders }"}
              policyRef: {"{ name: tls-outbound }"}
              config:
                {config}

            """);
    }
}
