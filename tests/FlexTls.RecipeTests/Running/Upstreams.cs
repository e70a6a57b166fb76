using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Recipes;

/// <summary>
/// Services with two upstreams that present the same client certificate: one trusts the CA of the servers, the other,
/// <see cref="Mistrustful"/>, another CA. The certificate is renewed by writing its files.
/// </summary>
internal sealed class Upstreams : IAsyncDisposable
{
    public const string Mistrustful = "mistrustful";

    // Mode 700: a key lies in it.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");
    private readonly ServiceProvider _services;

    /// <param name="name">The upstream that trusts the CA of the servers.</param>
    /// <param name="config">More lines of the <c>config</c> of both.</param>
    /// <param name="configure">Adds services to those of FlexTls.</param>
    public Upstreams(string name, string config = "", Action<IServiceCollection>? configure = null)
    {
        Write("ca.pem", Pki.Root.Pem);
        Write("other.pem", Pki.Foreign.Pem);
        WriteIdentity("CN=first", Pki.Intermediate);
        WritePolicy(name, "ca.pem", config);
        WritePolicy(Mistrustful, "other.pem", config);
        var services = new ServiceCollection().AddOutboundTls(tls =>
        {
            tls.AddPolicyFile(Path.Combine(_folder.FullName, "*.yaml"));
            tls.ReloadOnChange = false;
        });
        configure?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public IServiceProvider Services => _services;

    public IOutboundTlsContextProvider Contexts => _services.GetRequiredService<IOutboundTlsContextProvider>();

    /// <summary>Renews the client certificate, and puts it in force.</summary>
    public async Task RotateAsync(string subject, TestCA? issuer = null)
    {
        WriteIdentity(subject, issuer ?? Pki.Intermediate);
        await _services.GetRequiredService<IOutboundTlsManager>().ReloadAsync(Deadline.Token());
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private void WritePolicy(string name, string ca, string config) =>
        Write($"{name}.yaml", $$"""
            apiVersion: gateway.mulesoft.com/v1alpha1
            kind: PolicyBinding
            metadata: { name: {{name}}-tls }
            spec:
              targetRef: { kind: Service, name: {{name}} }
              policyRef: { name: tls-outbound }
              config:
                trustedCA: file:{{ca}}
                certificate: { key: file:client.key, crt: file:client.crt }
                {{config}}
            """);

    private void WriteIdentity(string subject, TestCA issuer)
    {
        using var identity = issuer.IssueClient(subject);
        Write("client.key", identity.KeyPem());
        Write("client.crt", identity.ChainPem(issuer.Certificate));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
