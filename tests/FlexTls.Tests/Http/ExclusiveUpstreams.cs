using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Http;

/// <summary>
/// Upstreams on one host name, and for each a client of its own: its certificate, server name, application protocols
/// and cipher suite. Each upstream counts what is not its own client's.
/// </summary>
internal sealed class ExclusiveUpstreams : IAsyncDisposable
{
    private static readonly TlsCipherSuite[] Suites =
    [
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    ];

    private static readonly string[][] Alpn = [["h2", "http/1.1"], ["http/1.1"]];

    private readonly List<HttpUpstream> _servers = [];
    private readonly List<X509Certificate2> _clientCertificates;
    private readonly X509Certificate2 _certificate;
    private int _requests;

    private ExclusiveUpstreams(int count)
    {
        _clientCertificates = [.. Enumerable.Range(0, count).Select(i => Pki.Root.IssueClient($"CN=client{i}"))];
        _certificate = Pki.Root.IssueServer([.. Enumerable.Range(0, count).Select(ServerName)]);
    }

    /// <summary>What was seen that is another client's.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    public int Requests => Volatile.Read(ref _requests);

    public int Connections => _servers.Sum(server => server.Hellos.Count);

    public static async Task<ExclusiveUpstreams> StartAsync(int count, CancellationToken ct)
    {
        var upstreams = new ExclusiveUpstreams(count);
        for (var i = 0; i < count; i++)
        {
            var own = i;
            HttpUpstream? server = null;
            server = await HttpUpstream.StartAsync(Loopbacks.Asking(upstreams._certificate) with
            {
                Respond = context =>
                {
                    // Now and then a connection ends, so that there are always new ones.
                    if (context.Request.Protocol == HttpProtocol.Http11 && Random.Shared.Next(20) == 0)
                    {
                        context.Response.Headers.Connection = "close";
                    }

                    return context.Response.WriteAsync("", context.RequestAborted);
                },
                Configure = app => app.Use((HttpContext context, RequestDelegate next) =>
                {
                    upstreams.JudgeAll(server!, own);
                    return next(context);
                }),
            }, ct);
            upstreams._servers.Add(server);
        }

        return upstreams;
    }

    /// <summary>The clients, each under the policy of its upstream.</summary>
    public ClientHost Clients() => ClientHost.Create(services =>
    {
        for (var i = 0; i < _servers.Count; i++)
        {
            var own = i;
            services.AddHttpClient($"upstream{i}")
                .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMilliseconds(500) })
                .AddOutboundTls(OutboundTlsPolicy.Create(Policy(own)));
        }
    });

    public async Task SendAsync(HttpClient client, int to, CancellationToken ct)
    {
        using var response = await client.GetAsync(_servers[to].Address, ct);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private static string ServerName(int i) => $"upstream{i}.example";

    private static TlsCipherSuite Suite(int i) => Suites[i % Suites.Length];

    private static string[] Protocols(int i) => Alpn[i % Alpn.Length];

    private OutboundTlsOptions Policy(int i) => new()
    {
        TrustedCA = Pki.Root.Pem,
        Certificate = new CertificateOptions { Key = _clientCertificates[i].KeyPem(), Crt = _clientCertificates[i].ExportCertificatePem() },
        Alpn = [.. Protocols(i)],
        MaxVersion = TlsVersion.Tls12,
        Ciphers = [Suite(i)],
        Extensions = new OutboundTlsExtensionOptions { ServerName = ServerName(i) },
    };

    /// <summary>Takes what the server has recorded, so that a long run does not fill the memory.</summary>
    private void JudgeAll(HttpUpstream server, int own)
    {
        while (server.Requests.TryDequeue(out var seen))
        {
            Judge(seen, own);
            Interlocked.Increment(ref _requests);
        }
    }

    private void Judge(SeenRequest seen, int own)
    {
        Count(seen.ClientCertificate == $"CN=client{own}", "client certificate");
        Count(seen.Hello!.ServerName == ServerName(own), "server name");
        Count(seen.Hello.Alpn.SequenceEqual(Protocols(own)), "application protocols");
        Count(seen.Hello.CipherSuites.SequenceEqual([Suite(own)]) && seen.CipherSuite == Suite(own), "cipher suite");
    }

    private void Count(bool isOwn, string violation)
    {
        if (!isOwn)
        {
            Violations.Enqueue(violation);
        }
    }
}
