using FlexTls.TestKit;

namespace FlexTls.Support;

/// <summary>A folder with policies of Services, each with a client certificate of its own.</summary>
/// <param name="issuer">The issuer of the certificates. Default: an intermediate CA, which is sent with them.</param>
internal sealed class PolicyFiles(TestCA? issuer = null) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    /// <summary>All policies.</summary>
    public string Pattern => PathOf("*.yaml");

    /// <summary>Writes the policy of a Service, with a new client certificate.</summary>
    /// <param name="name">The Service: a name, or a namespace and a name.</param>
    /// <param name="subject">The name in the certificate. Default: the Service's.</param>
    /// <param name="config">More lines of its <c>config</c>.</param>
    public void Write(string name, string? subject = null, string config = "")
    {
        var (file, parts) = (name.Replace('/', '-'), name.Split('/'));
        using var identity = (issuer ?? Pki.Intermediate).IssueClient($"CN={subject ?? name}");
        File.WriteAllText(PathOf("ca.pem"), Pki.Root.Pem);
        File.WriteAllText(PathOf(file + ".key"), identity.KeyPem());
        File.WriteAllText(
            PathOf(file + ".crt"),
            issuer is null ? identity.ChainPem(Pki.Intermediate.Certificate) : identity.ExportCertificatePem());
        File.WriteAllText(PathOf(file + ".yaml"), $$"""
            apiVersion: gateway.mulesoft.com/v1alpha1
            kind: PolicyBinding
            metadata: { name: {{file}}-tls, namespace: {{(parts.Length > 1 ? parts[0] : "default")}} }
            spec:
              targetRef: { kind: Service, name: {{parts[^1]}} }
              policyRef: { name: tls-outbound }
              config:
                trustedCA: file:ca.pem
                certificate: { key: file:{{file}}.key, crt: file:{{file}}.crt }
                {{config}}
            """);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
