using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Benchmarks;

/// <summary>Many upstreams, each with a policy, and maybe a client certificate, of its own: as a policy file, and as one would write it by hand.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ManyPolicies
{
    public const string Certificates = "certificates";

    private readonly string _trustedCA;
    private readonly IReadOnlyList<TlsCipherSuite> _suites;
    private readonly List<(string Name, string? Key, string? Crt)> _upstreams = [];

    public ManyPolicies(int count, bool withCertificates)
    {
        using var root = TestCA.Root();
        _trustedCA = root.Pem;
        _suites = [.. OutboundTlsPolicy.Default.CipherSuites.Select(suite => suite.Suite)];
        for (var i = 0; i < count; i++)
        {
            using var certificate = withCertificates ? root.IssueClient($"CN=client {i}") : null;
            _upstreams.Add(($"upstream-{i}", certificate?.KeyPem(), certificate?.ChainPem()));
        }
    }

    /// <summary>The policies in files.</summary>
    /// <param name="most">How many there are in one file.</param>
    public IEnumerable<(string File, string Yaml)> Files(int most) => _upstreams.Chunk(most).Select((upstreams, i) => (
        $"{i}.yaml", string.Join("\n---\n", upstreams.Select(one => Binding(one.Name, one.Key, one.Crt)))));

    public void AddClients(IServiceCollection services)
    {
        foreach (var (name, _, _) in _upstreams)
        {
            services.AddHttpClient(name).AddOutboundTls();
        }
    }

    /// <summary>The same clients without FlexTls: everything from the same texts, and for each client by itself.</summary>
    public void AddStockClients(IServiceCollection services)
    {
        foreach (var (name, key, crt) in _upstreams)
        {
            services.AddHttpClient(name).UseSocketsHttpHandler((handler, _) =>
            {
                handler.SslOptions = new HandWrittenTlsClient(name, X509Certificate2.CreateFromPem(_trustedCA), _suites).Options;
                if (key is not null)
                {
                    handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(crt, key), additionalCertificates: null, offline: true);
                }
            });
        }
    }

    /// <summary>Stock handlers are made at the first use; for the comparison at start, as those under a policy are.</summary>
    public void MakeHandlers(IServiceProvider services)
    {
        var factory = services.GetRequiredService<IHttpMessageHandlerFactory>();
        foreach (var (name, _, _) in _upstreams)
        {
            factory.CreateHandler(name);
        }
    }

    private string Binding(string name, string? key, string? crt) =>
        $"""
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata:
          name: {name}
        spec:
          targetRef:
            kind: Service
            name: {name}
          policyRef:
            name: tls-outbound
          config:
            trustedCA: |
        {_trustedCA.Indented(6)}
        {Identity(key, crt)}
        """;

    private static string Identity(string? key, string? crt) => key is null ? "" :
        $"""
            certificate:
              key: |
        {key.Indented(8)}
              crt: |
        {crt!.Indented(8)}
        """;
}
