using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters;

/// <summary>Services with a policy file for each tenant, whose client certificate names the tenant.</summary>
internal sealed class Tenants : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    public Tenants(params string[] names)
        : this(names, _ => { })
    {
    }

    public Tenants(string[] names, Action<IServiceCollection> configure)
    {
        File.WriteAllText(PathOf("ca.pem"), Pki.Root.Pem);
        foreach (var name in names)
        {
            Write(name);
        }

        var services = new ServiceCollection();
        services.AddOutboundTls(tls =>
        {
            tls.AddPolicyFile(PathOf("*.yaml"));
            tls.ReloadOnChange = false;
        });
        configure(services);
        All = services.BuildServiceProvider();
    }

    public ServiceProvider All { get; }

    public IOutboundTlsHandlerFactory Handlers => All.GetRequiredService<IOutboundTlsHandlerFactory>();

    public IReadOnlyList<UpstreamTlsStatus> Status =>
        All.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams;

    public HttpClient Client(string name) => All.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    /// <summary>Writes a tenant's policy and a new certificate.</summary>
    /// <param name="name">The tenant: a name, or a namespace and a name.</param>
    /// <param name="subject">The name in its certificate. Default: the tenant's.</param>
    /// <param name="config">More lines of its <c>config</c>.</param>
    public void Write(string name, string? subject = null, string config = "")
    {
        var (file, parts) = (name.Replace('/', '-'), name.Split('/'));
        using var identity = Pki.Intermediate.IssueClient($"CN={subject ?? name}");
        File.WriteAllText(PathOf(file + ".key"), identity.KeyPem());
        File.WriteAllText(PathOf(file + ".crt"), identity.ChainPem(Pki.Intermediate.Certificate));
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

    public Task ReloadAsync() => All.GetRequiredService<IOutboundTlsManager>().ReloadAsync(Deadline.Token());

    public async ValueTask DisposeAsync()
    {
        await All.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
