using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;

namespace FlexTls.TestKit;

/// <summary>
/// A TLS server on a free port of the loopback address that echoes what it is sent and records what it saw of every
/// connection.
/// </summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly LoopbackServerOptions _options;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<ServerObservation> _observations = Channel.CreateUnbounded<ServerObservation>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private LoopbackServer(LoopbackServerOptions options)
    {
        _options = options;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static LoopbackServer Start(LoopbackServerOptions options) => new(options);

    public static LoopbackServer Start(X509Certificate2 certificate) => new(new LoopbackServerOptions(certificate));

    /// <summary>The end point under a name that resolves to the loopback address everywhere.</summary>
    public DnsEndPoint EndPoint(string host = "localhost") => new(host, Port);

    /// <summary>What the server saw of the next connection that it has finished with the handshake of.</summary>
    public async Task<ServerObservation> NextAsync(CancellationToken ct = default) => await _observations.Reader.ReadAsync(ct);

    public async ValueTask DisposeAsync()
    {
        // Not the other way round: between two connections, a listener that is stopped already throws.
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                connections.Add(ServeAsync(new NetworkStream(socket, ownsSocket: true)));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(NetworkStream transport)
    {
        var seen = new ServerObservation();
        await using var stream = new SslStream(transport);
        try
        {
            await stream.AuthenticateAsServerAsync(
                (_, hello, _, _) =>
                {
                    seen = seen with { ServerName = hello.ServerName };
                    return ValueTask.FromResult(Options(intermediates => seen = seen with { ClientIntermediates = intermediates }));
                },
                null, _stop.Token);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            _observations.Writer.TryWrite(seen with { Error = e.GetBaseException().Message });
            return;
        }

        seen = seen with
        {
            Version = stream.SslProtocol,
            CipherSuite = stream.NegotiatedCipherSuite,
            Alpn = stream.NegotiatedApplicationProtocol.ToString(),
            ClientCertificate = stream.RemoteCertificate?.Subject,
        };
        await EchoAsync(stream, seen);
    }

    /// <summary>The observation is complete with the first byte, or the lack of it.</summary>
    private async Task EchoAsync(SslStream stream, ServerObservation seen)
    {
        var buffer = new byte[4096];
        var isReported = false;
        try
        {
            int read;
            do
            {
                read = await stream.ReadAsync(buffer, _stop.Token);
                if (!isReported)
                {
                    isReported = true;
                    _observations.Writer.TryWrite(seen with { ClosedUnused = read == 0 });
                }

                await stream.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            }
            while (read > 0);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            if (!isReported)
            {
                _observations.Writer.TryWrite(seen with { ClosedUnused = true });
            }
        }
    }

    private SslServerAuthenticationOptions Options(Action<IReadOnlyList<string>> seenIntermediates)
    {
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(_options.Certificate, _options.Intermediates, offline: true),
            EnabledSslProtocols = _options.Versions,
            CipherSuitesPolicy = _options.CipherSuites.Count == 0 ? null : Suites(_options.CipherSuites),
#pragma warning disable SYSLIB0040 // The only way to let a server speak TLS 1.1 with ECDHE or use a weak key, and only beside a list of suites.
            EncryptionPolicy = _options.CipherSuites.Count > 0 ? EncryptionPolicy.AllowNoEncryption : EncryptionPolicy.RequireEncryption,
#pragma warning restore SYSLIB0040
            ApplicationProtocols = _options.Alpn.Count == 0 ? null : [.. _options.Alpn],
            ClientCertificateRequired = _options.AsksForClientCertificate || _options.RequiresClientCertificate,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            {
                seenIntermediates([.. chain?.ChainPolicy.ExtraStore.Select(c => c.Subject).Where(subject => subject != certificate?.Subject) ?? []]);
                return certificate is not null || !_options.RequiresClientCertificate;
            },
        };
    }

#pragma warning disable CA1416 // Tests that name suites run where a connection can choose them.
    private static CipherSuitesPolicy Suites(IEnumerable<TlsCipherSuite> suites) => new(suites);
#pragma warning restore CA1416
}
