using System.Net;
using System.Net.Security;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Benchmarks;

/// <summary>
/// The named clients that are compared: one under a policy, and stock ones with the same suites and a callback that is
/// written as well as one can. Nothing else of them differs. With a connection for each request, the limit is what the
/// platform reaches without a list of suites, resuming sessions.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class HttpScenario : IAsyncDisposable
{
    public const string Host = "localhost";

    private readonly ServiceProvider _services;
    private readonly Uri _address;
    private readonly Version _version;
    private readonly bool _isReused;

    /// <param name="server">The server.</param>
    /// <param name="version">The HTTP version.</param>
    /// <param name="isReused">Whether all requests go over one connection; otherwise each makes a new one.</param>
    public HttpScenario(HttpServerProcess server, Version version, bool isReused)
    {
        (_address, _version, _isReused) = (server.Address, version, isReused);
        var policy = OutboundTlsPolicy.Create(new OutboundTlsOptions
        {
            TrustedCA = server.Root.ExportCertificatePem(),
            Alpn = version == HttpVersion.Version11 ? ["http/1.1"] : ["h2", "http/1.1"],
        });
        var context = new TlsContextFactory().Create(policy);
        var services = new ServiceCollection();
        foreach (var (name, suites) in new (string, IReadOnlyList<TlsCipherSuite>?)[]
            { ("by hand", context.Effective.CipherSuites), ("control", context.Effective.CipherSuites), ("limit", null) })
        {
            var options = new HandWrittenTlsClient(Host, server.Root, suites).Options;
            services.AddHttpClient(name).UseSocketsHttpHandler((handler, _) => (handler.SslOptions, handler.PooledConnectionLifetime) = (options, Lifetime));
        }

        services.AddHttpClient("FlexTls").UseSocketsHttpHandler((handler, _) => handler.PooledConnectionLifetime = Lifetime).AddOutboundTls(policy);
        _services = services.BuildServiceProvider();
    }

    private TimeSpan Lifetime => _isReused ? Timeout.InfiniteTimeSpan : TimeSpan.Zero;

    public List<Contender<HttpClient>> Contenders()
    {
        var clients = _services.GetRequiredService<IHttpClientFactory>();
        string[] names = _isReused ? ["by hand", "FlexTls", "control"] : ["by hand", "limit", "FlexTls", "control"];
        return [.. names.Select(name => new Contender<HttpClient>(name, clients.CreateClient(name)))];
    }

    public async Task<string> RequestAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _address) { Version = _version, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Makes sure that the server sees what is to be measured.</summary>
    public async Task VerifyAsync(HttpClient client)
    {
        var (first, second) = ((await RequestAsync(client)).Split(' ')[0], await RequestAsync(client));
        var protocol = _version == HttpVersion.Version11 ? "HTTP/1.1" : "HTTP/2";
        if (!second.EndsWith(protocol, StringComparison.Ordinal) || second.StartsWith(first, StringComparison.Ordinal) != _isReused)
        {
            throw new InvalidOperationException($"Requests over {protocol}, {(_isReused ? "one connection" : "a connection each")}, were expected; the server saw '{second}' after '{first}'.");
        }
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
