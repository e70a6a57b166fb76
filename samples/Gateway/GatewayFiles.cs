using System.Text.Json;
using FlexTls.TestKit;

namespace Gateway;

/// <summary>
/// The gateway's configuration and policies, in a folder that only its owner may enter and that is gone in the end.
/// </summary>
internal sealed class GatewayFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-gateway-");

    public GatewayFiles(IReadOnlyList<Partner> partners)
    {
        Directory.CreateDirectory(PathOf("policies"));
        foreach (var partner in partners)
        {
            File.WriteAllText(PathOf($"policies/{partner.Name}.crt"), partner.ServerCAPem + '\n');
            Renew(partner);
            File.WriteAllText(PathOf($"policies/{partner.Name}.yaml"), Policy(partner));
        }

        File.WriteAllText(PathOf("appsettings.json"), JsonSerializer.Serialize(new
        {
            ReverseProxy = new
            {
                Routes = partners.ToDictionary(partner => partner.Name, partner => new
                {
                    ClusterId = partner.Name,
                    Match = new { Path = $"/{partner.Name}/{{**rest}}" },
                }),
                Clusters = partners.ToDictionary(partner => partner.Name, partner => new
                {
                    Destinations = new { one = new { Address = partner.Address.AbsoluteUri } },
                    HealthCheck = new { Active = new { Enabled = true, Path = "/health", Interval = "00:00:05" } },
                }),
            },
        }));
    }

    public string Folder => _folder.FullName;

    /// <summary>Replaces the key and the certificate of a partner's client, which are one file.</summary>
    public void Renew(Partner partner)
    {
        using var client = partner.Issue();
        var path = PathOf($"policies/{partner.Name}.pem");
        File.WriteAllText(path + ".new", client.KeyPem() + '\n' + client.ExportCertificatePem() + '\n');
        File.Move(path + ".new", path, overwrite: true);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(Folder, name);

    private static string Policy(Partner partner) =>
        $$"""
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata:
          name: {{partner.Name}}-mtls
        spec:
          targetRef:
            kind: Service
            name: {{partner.Name}}
          policyRef:
            name: tls-outbound
          config:
            minversion: "1.3"
            trustedCA: file:{{partner.Name}}.crt
            certificate:
              key: file:{{partner.Name}}.pem
              crt: file:{{partner.Name}}.pem

        """;
}
