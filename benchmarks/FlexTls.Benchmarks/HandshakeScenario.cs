using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;

namespace FlexTls.Benchmarks;

/// <summary>
/// One server and the two clients that are compared: a context of the default policy with a trusted CA, and the
/// hand-written one. The server sends its certificate with an intermediate, as most do, and both clients make the
/// same offer, under which every handshake is a full one.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class HandshakeScenario : IDisposable
{
    private const string Host = "orders.example";

    private readonly HandshakeServer _server;
    private readonly OutboundTlsContext _context;
    private readonly HandWrittenTlsClient _handWritten;

    public HandshakeScenario(KeyKind key, SslProtocols version)
    {
        using var root = TestCA.Root(key: key);
        var intermediate = root.Intermediate(key: key);
        var certificate = intermediate.Issue($"CN={Host}", new CertificateRequestOptions { Key = key, DnsNames = [Host] });
        _server = new HandshakeServer(certificate, intermediate.Certificate, version);
        _context = new TlsContextFactory().Create(OutboundTlsPolicy.Create(new OutboundTlsOptions { TrustedCA = root.Pem }));
        _handWritten = new HandWrittenTlsClient(
            Host, X509CertificateLoader.LoadCertificate(root.Certificate.RawData), _context.Effective.CipherSuites);
    }

    public Task<NetworkStream> ConnectAsync() => _server.ConnectAsync();

    public ValueTask<SslStream> AuthenticateHandWrittenAsync(Stream transport) => _handWritten.AuthenticateAsync(transport);

    public ValueTask<SslStream> AuthenticateContextAsync(Stream transport) => _context.AuthenticateAsClientAsync(transport, Host);

    /// <inheritdoc cref="HandshakeServer.FinishedAsync"/>
    public ValueTask<ConsumedResources> FinishedAsync() => _server.FinishedAsync();

    public void Dispose() => _server.Dispose();
}
