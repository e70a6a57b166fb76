using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters;

/// <summary>Services with the upstream orders, whose client certificate is renewed by writing its files.</summary>
internal sealed class Services : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");
    private readonly ServiceProvider _services;

    public Services(string config = "")
    {
        Write("ca.pem", Pki.Root.Pem);
        WriteIdentity("CN=first");
        WritePolicy(config);
        _services = new ServiceCollection()
            .AddOutboundTls(tls =>
            {
                tls.AddPolicyFile(Path.Combine(_folder.FullName, "orders.yaml"));
                tls.ReloadOnChange = false;
            })
            .BuildServiceProvider();
    }

    public IOutboundTlsContextProvider Contexts => _services.GetRequiredService<IOutboundTlsContextProvider>();

    public IOutboundTlsHandlerFactory Handlers => _services.GetRequiredService<IOutboundTlsHandlerFactory>();

    public UpstreamTlsStatus Orders => _services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single();

    /// <summary>Renews the client certificate, and puts it in force.</summary>
    public async Task RotateAsync(string subject)
    {
        WriteIdentity(subject);
        await ReloadAsync();
    }

    public Task ReloadAsync() =>
        _services.GetRequiredService<IOutboundTlsManager>().ReloadAsync(Deadline.Token());

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Writes the policy anew, with more lines of its <c>config</c>.</summary>
    public void WritePolicy(string config) =>
        Write("orders.yaml", $$"""
            apiVersion: gateway.mulesoft.com/v1alpha1
            kind: PolicyBinding
            metadata: { name: orders-tls }
            spec:
              targetRef: { kind: Service, name: orders }
              policyRef: { name: tls-outbound }
              config:
                trustedCA: file:ca.pem
                certificate: { key: file:client.key, crt: file:client.crt }
                {{config}}
            """);

    private void WriteIdentity(string subject)
    {
        using var identity = Pki.Intermediate.IssueClient(subject);
        Write("client.key", identity.KeyPem());
        Write("client.crt", identity.ChainPem(Pki.Intermediate.Certificate));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
