using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Reloading;

/// <summary>
/// A host whose upstream orders presents the client certificate in <c>orders.crt</c> and <c>orders.key</c>, and a server
/// that answers with the subject of the certificate that it saw.
/// </summary>
internal sealed class RotatingHost : IAsyncDisposable
{
    private readonly PolicyHost _host = new();
    private readonly HttpUpstream _server;

    private RotatingHost(HttpUpstream server) => _server = server;

    public RecordingLogger Log => _host.Log;

    public IOutboundTlsManager Manager => _host.Services.GetRequiredService<IOutboundTlsManager>();

    public IServiceProvider Services => _host.Services;

    public string Folder => _host.Folder;

    /// <summary>The client, got once and kept, as captured clients are.</summary>
    public HttpClient Client { get; private set; } = null!;

    public static string Config { get; } = PolicyYaml.Trusting + "certificate: { key: 'file:orders.key', crt: 'file:orders.crt' }\n";

    /// <summary>Starts with the client certificate <c>CN=first</c>.</summary>
    public static async Task<RotatingHost> StartAsync(Action<RotatingHost>? write = null, Action<OutboundTlsBuilder>? configure = null, string pattern = "policies/*.yaml")
    {
        var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer)
        {
            ClientCertificates = ClientCertificateMode.AllowCertificate,
            Respond = context => context.Response.WriteAsync(context.Connection.ClientCertificate?.Subject ?? "none", context.RequestAborted),
        }, Deadline.Token());
        var host = new RotatingHost(server);
        host.WriteIdentity("first");
        host.Write("policies/orders.yaml", PolicyYaml.Binding("orders", Config.Replace("file:", "file:../", StringComparison.Ordinal)));
        write?.Invoke(host);
        host._host.Builder.Services.AddOutboundTls(tls =>
        {
            tls.AddPolicyFile(pattern);
            configure?.Invoke(tls);
        });
        host._host.Builder.Services.AddHttpClient("orders", client => client.BaseAddress = server.Address).AddOutboundTls();
        await host._host.StartAsync();
        host.Client = host._host["orders"];
        return host;
    }

    public void Write(string path, string text) => _host.Write(path, text);

    public string PathOf(string path) => Path.Combine(Folder, path);

    public static X509Certificate2 Identity(string name) => Pki.Root.IssueClient($"CN={name}");

    /// <summary>Writes certificate and key in place.</summary>
    public void WriteIdentity(string name)
    {
        var identity = Identity(name);
        Write("orders.crt", identity.ExportCertificatePem());
        Write("orders.key", identity.KeyPem());
    }

    /// <summary>Whom the server sees.</summary>
    public Task<string> WhoAsync() => Client.GetStringAsync("/", Deadline.Token());

    public UpstreamTlsStatus Orders => Manager.GetStatus().Upstreams.Single(upstream => upstream.Name == "orders");

    public Task UntilGenerationAsync(int number) => Log.UntilAsync(() => Orders.Generation == number && Orders.State == UpstreamTlsState.UpToDate, Deadline.Token());

    public Task UntilDegradedAsync() => Log.UntilAsync(() => Orders.State == UpstreamTlsState.Degraded, Deadline.Token());

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }
}
