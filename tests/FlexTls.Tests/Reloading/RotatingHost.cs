using System.Net;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlexTls.Reloading;

/// <summary>
/// A host whose upstream orders presents the client certificate in <c>orders.crt</c> and <c>orders.key</c>, and a server
/// that answers with the subject of the certificate that it saw.
/// </summary>
internal sealed class RotatingHost : IAsyncDisposable
{
    private readonly PolicyHost _host = new();

    private RotatingHost(HttpUpstream server) => Server = server;

    public HttpUpstream Server { get; }

    public RecordingLogger Log => _host.Log;

    /// <summary>The errors that were logged, in their order.</summary>
    public List<string> Errors => [.. Log.Lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Text)];

    public IOutboundTlsManager Manager => _host.Services.GetRequiredService<IOutboundTlsManager>();

    public IOutboundTlsContextProvider Contexts => _host.Services.GetRequiredService<IOutboundTlsContextProvider>();

    public HostApplicationBuilder Builder => _host.Builder;

    public IServiceProvider Services => _host.Services;

    public string Folder => _host.Folder;

    /// <summary>The client, got once and kept, as captured clients are.</summary>
    public HttpClient Client { get; private set; } = null!;

    public static string Config { get; } = ConfigOf("orders");

    /// <summary>Starts with the client certificate <c>CN=first</c>.</summary>
    /// <param name="write">Writes more files, or registers more.</param>
    /// <param name="configure">Registers more policies.</param>
    /// <param name="pattern">The policy files, of which there is <c>policies/orders.yaml</c>; <see langword="null"/>: none.</param>
    public static async Task<RotatingHost> StartAsync(Action<RotatingHost>? write = null, Action<OutboundTlsBuilder>? configure = null, string? pattern = "policies/*.yaml")
    {
        var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer)
        {
            ClientCertificates = ClientCertificateMode.AllowCertificate,
            Respond = context => context.Response.WriteAsync(context.Connection.ClientCertificate?.Subject ?? "none", context.RequestAborted),
        }, Deadline.Token());
        var host = new RotatingHost(server);
        host.WriteIdentity("first");
        if (pattern is not null)
        {
            host.WritePolicy("orders");
        }

        write?.Invoke(host);
        host.Builder.Services.AddOutboundTls(tls =>
        {
            if (pattern is not null)
            {
                tls.AddPolicyFile(pattern);
            }

            configure?.Invoke(tls);
        });
        host.AddClient("orders").AddOutboundTls();
        await host._host.StartAsync();
        host.Client = host["orders"];
        return host;
    }

    /// <summary>A <c>config</c> with the certificate in the files of that name, seen from the content root.</summary>
    public static string ConfigOf(string name) => PolicyYaml.Trusting + $"certificate: {{ key: 'file:{name}.key', crt: 'file:{name}.crt' }}\n";

    /// <summary>The binding of a Service to the certificate in the files of its name, as it stands in a folder of the content root.</summary>
    /// <param name="name">The Service.</param>
    /// <param name="more">More lines of its <c>config</c>.</param>
    public static string BindingOf(string name, string more = "") =>
        PolicyYaml.Binding(name, ConfigOf(name).Replace("file:", "file:../", StringComparison.Ordinal) + more);

    public static X509Certificate2 Identity(string name) => Pki.Root.IssueClient($"CN={name}");

    public HttpClient this[string name] => _host[name];

    public IHttpClientBuilder AddClient(string name) => Builder.Services.AddHttpClient(name, client => client.BaseAddress = Server.Address);

    /// <summary>Writes <c>policies/NAME.yaml</c>.</summary>
    public void WritePolicy(string name, string more = "") => Write($"policies/{name}.yaml", BindingOf(name, more));

    public void Write(string path, string text) => _host.Write(path, text);

    public string PathOf(string path) => Path.Combine(Folder, path);

    public void Delete(string path) => File.Delete(PathOf(path));

    /// <summary>Writes certificate and key of orders in place.</summary>
    public void WriteIdentity(string name) => WriteIdentityOf("orders", name);

    /// <summary>Writes certificate and key in place.</summary>
    public void WriteIdentityOf(string file, string name)
    {
        var identity = Identity(name);
        Write($"{file}.crt", identity.ExportCertificatePem());
        Write($"{file}.key", identity.KeyPem());
    }

    /// <summary>Whom the server sees.</summary>
    public Task<string> WhoAsync() => Client.GetStringAsync("/", Deadline.Token());

    /// <summary>Whom the server sees on a connection that is made now.</summary>
    /// <param name="client">The client.</param>
    public async Task<string> NewWhoAsync(string client = "orders")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.ConnectionClose = true;
        using var response = await this[client].SendAsync(request, Deadline.Token());
        return await response.Content.ReadAsStringAsync(Deadline.Token());
    }

    public UpstreamTlsStatus Orders => StatusOf("orders");

    public UpstreamTlsStatus StatusOf(string name) => Manager.GetStatus().Upstreams.Single(upstream => upstream.Name == name);

    public Task UntilGenerationAsync(int number, string name = "orders") =>
        UntilAsync(() => StatusOf(name).Generation == number && StatusOf(name).State == UpstreamTlsState.UpToDate);

    public Task UntilDegradedAsync(string name = "orders") => UntilAsync(() => StatusOf(name).State == UpstreamTlsState.Degraded);

    /// <summary>Waits until an upstream is degraded for that reason, and for no other.</summary>
    public Task UntilDegradedAsync(string code, string name) =>
        UntilAsync(() => StatusOf(name).Degradation?.Diagnostics.All(fault => fault.Code == code) == true);

    /// <summary>Waits for something that is logged when it has happened.</summary>
    public Task UntilAsync(Func<bool> condition) => Log.UntilAsync(condition, Deadline.Token());

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await Server.DisposeAsync();
    }
}
