using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Probes;

/// <summary>Two named clients of one factory: one as people write it by hand, one under a policy.</summary>
internal sealed class Clients : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public Clients(Version version)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("stock").ConfigurePrimaryHttpMessageHandler(StockHandler);
        services.AddHttpClient("policy").ConfigurePrimaryHttpMessageHandler(Idle).AddOutboundTls(options =>
        {
            options.TrustedCA = Pem("CA");
            options.Certificate = new CertificateOptions { Key = Pem("KEY"), Crt = Pem("CRT") };
            options.Alpn = version.Major == 2 ? ["h2", "http/1.1"] : ["http/1.1"];
        });
        _services = services.BuildServiceProvider();
    }

    public HttpClient Stock => Create("stock");

    public HttpClient Policy => Create("policy");

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private HttpClient Create(string name) => _services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    /// <summary>The same suites and versions, and a callback.</summary>
    private static SocketsHttpHandler StockHandler()
    {
        var context = new TlsContextFactory().Create(OutboundTlsPolicy.Default);
        var ca = X509Certificate2.CreateFromPem(Pem("CA"));
        var handler = Idle();
        handler.SslOptions.CipherSuitesPolicy = context.CipherSuitesPolicy;
        handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            certificate?.Issuer == ca.Subject && (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0;
        return handler;
    }

    /// <summary>On a busy machine a client waits long for its turn, and must not lose its connection.</summary>
    private static SocketsHttpHandler Idle() => new() { PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan };

    private static string Pem(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");
}
