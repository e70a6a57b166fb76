using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Secrets;

/// <summary>Files behind links are those that the system would open, however the links stand behind each other.</summary>
public sealed class LinkedFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>As certbot lays them out: the text of the path, without its links, leads to another file.</summary>
    [Fact]
    public void ALinkBehindALinkedFolder_LeadsOnFromWhereItReallyStands()
    {
        using var named = TestCA.Root("CN=named");
        Write("letsencrypt/archive/example/ca1.pem", named.Pem);
        Write("archive/example/ca1.pem", Pki.Foreign.Pem);
        Link("letsencrypt/live/example/ca.pem", "../../archive/example/ca1.pem");
        Link("app/certs", "../letsencrypt/live/example");
        Link("app/ca.pem", "certs/ca.pem");

        foreach (var path in (string[])["letsencrypt/live/example/ca.pem", "app/certs/ca.pem", "app/ca.pem"])
        {
            var context = Pki.Context(new OutboundTlsOptions { TrustedCA = $"file:{At(path)}" });

            Assert.Equal(["CN=named"], context.Effective.TrustedCAs.Select(ca => ca.Subject));
        }
    }

    [Fact]
    public void APolicyFileBehindLinks_IsFound_ByNameFolderAndPattern()
    {
        Write("shared/orders.yaml", """
            apiVersion: gateway.mulesoft.com/v1alpha1
            kind: PolicyBinding
            metadata: { name: orders-tls }
            spec: { targetRef: { kind: Service, name: orders }, policyRef: { name: tls-outbound }, config: {} }
            """);
        Link("releases/1/policies/orders.yaml", "../../../shared/orders.yaml");
        Link("current/policies", "../releases/1/policies");

        foreach (var name in (string[])["current/policies/orders.yaml", "current/policies", "current/policies/*.yaml"])
        {
            Assert.Single(TlsPolicyFile.Load(At(name)).Bindings);
        }
    }

    [Fact]
    public void ALinkThatLeadsNowhere_OrInACircle_IsNamed()
    {
        Link("gone.pem", "none.pem");
        Link("a.pem", "b.pem");
        Link("b.pem", "a.pem");

        Write("ca.pem", Pki.Root.Pem);
        Link("through.pem", "none/../ca.pem");
        Link("slash.pem", "ca.pem/");

        Assert.Contains("a link whose target does not exist", Refused("gone.pem"), StringComparison.Ordinal);
        Assert.Contains("there is no such f", Refused("through.pem"), StringComparison.Ordinal);
        Refused("slash.pem");
        Assert.Contains("lead in a circle", Refused("a.pem"), StringComparison.Ordinal);
    }

    private string Refused(string name)
    {
        Assert.False(OutboundTlsPolicy.TryCreate(
            new OutboundTlsOptions { TrustedCA = $"file:{At(name)}" }, out _, out var diagnostics));
        return Assert.Single(diagnostics).Message;
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }

    private void Link(string name, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.CreateSymbolicLink(At(name), target);
    }
}
