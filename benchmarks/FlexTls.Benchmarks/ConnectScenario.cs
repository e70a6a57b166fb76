using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using FlexTls.TestKit;

namespace FlexTls.Benchmarks;

/// <summary>
/// One server and the clients that connect to it again and again: by TCP and TLS, up to the first byte. The limit is
/// what the platform reaches by itself, which resumes sessions unless the suites are chosen.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ConnectScenario : IDisposable
{
    private const string Host = "localhost";

    private readonly HandshakeServer _server;
    private readonly OutboundTlsContext _context;
    private readonly HandWrittenTlsClient _limit;
    private readonly HandWrittenTlsClient _stock;

    public ConnectScenario(KeyKind key, SslProtocols version, int trustedCAs)
    {
        using var root = TestCA.Root(key: key);
        var intermediate = root.Intermediate(key: key);
        var certificate = intermediate.Issue(
            $"CN={Host}", new CertificateRequestOptions { Key = key, DnsNames = [Host] });
        _server = new HandshakeServer(certificate, intermediate.Certificate, version, greets: true);
        var trusted = ValidationScenario.Among(root.Certificate, trustedCAs);
        _context = new TlsContextFactory().Create(
            OutboundTlsPolicy.Create(new OutboundTlsOptions { TrustAnchors = [.. trusted] }));
        _stock = new HandWrittenTlsClient(Host, trusted[^1], _context.Effective.CipherSuites);
        _limit = new HandWrittenTlsClient(Host, trusted[^1], suites: null);
        foreach (var client in (HandWrittenTlsClient[])[_stock, _limit])
        {
            client.Options.CertificateChainPolicy!.CustomTrustStore.AddRange(trusted.SkipLast(1).ToArray());
        }
    }

    public async ValueTask<SslStream> ConnectLimitAsync() =>
        await _limit.AuthenticateAsync(await _server.ConnectAsync());

    public async ValueTask<SslStream> ConnectStockAsync() =>
        await _stock.AuthenticateAsync(await _server.ConnectAsync());

    public ValueTask<SslStream> ConnectContextAsync() => _context.ConnectAsync(Host, _server.Port);

    /// <inheritdoc cref="HandshakeServer.FinishedAsync"/>
    public ValueTask<ConsumedResources> FinishedAsync() => _server.FinishedAsync();

    public void Dispose() => _server.Dispose();
}
