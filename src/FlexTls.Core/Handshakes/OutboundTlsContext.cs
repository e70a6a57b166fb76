#pragma warning disable RS0026 // The two ConnectAsync take different things to connect to, so no call is ambiguous.
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Handshakes;
using FlexTls.Validation;

namespace FlexTls;

/// <summary>
/// Everything that connections to one upstream need: its offer, its trust, its client certificate, loaded once.
/// Thread-safe. Not disposable: a context from <see cref="TlsContextFactory"/> works for as long as it is referenced, a
/// context from a service provider until that provider is disposed.
/// </summary>
public sealed class OutboundTlsContext
{
    private volatile ContextGeneration _generation;
    private volatile bool _hasEnded;

    internal OutboundTlsContext(ContextGeneration generation) => _generation = generation;

    /// <summary>The upstream's name, or <see langword="null"/> if the context was made without one.</summary>
    public string? Name => _generation.Name;

    /// <summary>The policy that the context was made of.</summary>
    public OutboundTlsPolicy Policy => _generation.Policy;

    /// <summary>
    /// What came up when the context was made: limitations of the platform, certificates out of date. The policy's own
    /// are in <see cref="OutboundTlsPolicy.Diagnostics"/>.
    /// </summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Diagnostics => _generation.Diagnostics;

    /// <summary>
    /// The suites that connections offer, or <see langword="null"/> where the platform cannot choose them per
    /// connection.
    /// </summary>
    public CipherSuitesPolicy? CipherSuitesPolicy => _generation.CipherSuitesPolicy;

    /// <summary>What the context really offers and checks on this machine.</summary>
    public EffectiveTlsSettings Effective => _generation.Effective;

    /// <summary>What new handshakes use. One that is under way keeps what it began with.</summary>
    internal ContextGeneration Generation
    {
        get => _generation;
        set => _generation = value;
    }

    /// <summary>
    /// Options for an <see cref="SslStream"/> of the caller's, safe as they stand: their chain policy is the strict
    /// one, so that replacing the callback can only lose the checks that come on top (names by SAN alone, key sizes).
    /// The callback throws <see cref="TlsHandshakeException"/> for a certificate that is refused; the exception of the
    /// handshake is that one, or has it inside.
    /// </summary>
    /// <remarks>
    /// A library may call the callback with a sender that isn't an <see cref="SslStream"/>. The certificate is then
    /// judged as usual, but the negotiated cipher suite cannot be seen, and the other options must keep it inside the
    /// policy; where the platform cannot choose suites, the server is refused. All other exceptions of the caller's
    /// handshake are the platform's.
    /// </remarks>
    /// <param name="targetHost">
    /// The host name or IP address that the server's certificate must be for, and the server name that is sent (no
    /// server name for an address), unless the policy has a <see cref="OutboundTlsPolicy.ServerName"/>.
    /// </param>
    /// <returns>New options on every call, for one host.</returns>
    /// <exception cref="ArgumentException"><paramref name="targetHost"/> is empty or no host name.</exception>
    /// <exception cref="TlsHandshakeException">The platform's IDNA rejects the host, such as <c>www-.lab</c>: only
    /// streams that the context authenticates itself can reach it.</exception>
    /// <exception cref="ObjectDisposedException">The service provider of the context is disposed.</exception>
    public SslClientAuthenticationOptions CreateClientOptions(string targetHost)
    {
        var options = new SslClientAuthenticationOptions();
        ConfigureClientOptions(options, targetHost);
        return options;
    }

    /// <summary>
    /// Writes the policy into options that a library hands out, such as a database driver's: as for
    /// <see cref="CreateClientOptions"/>, but application protocols that the library has set are kept. Everything else
    /// is set, certificates and callbacks included.
    /// </summary>
    /// <param name="options">The options, which are used for one host.</param>
    /// <param name="targetHost">As for <see cref="CreateClientOptions"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="targetHost"/> is empty or no host name.</exception>
    /// <exception cref="TlsHandshakeException">The platform's IDNA rejects the host.</exception>
    /// <exception cref="ObjectDisposedException">The service provider of the context is disposed.</exception>
    public void ConfigureClientOptions(SslClientAuthenticationOptions options, string targetHost)
    {
        ArgumentNullException.ThrowIfNull(options);
        ThrowIfEnded();
        var generation = _generation;
        var host = generation.Upstream.NameFor(targetHost);
        if (!host.IsForForeignStreams)
        {
            throw generation.Failures.HostOutsideIdna(host);
        }

        generation.Upstream.FillForeign(
            options, host.Text, ChainPolicies.Strict(generation.Policy.TrustAnchors),
            generation.Handshake.ThrowingCallback(generation.Upstream.Validator, host));
        if (options.ApplicationProtocols is null or [])
        {
            options.ApplicationProtocols = generation.Alpn.Count == 0 ? null : [.. generation.Alpn];
        }
    }

    /// <summary>Authenticates a server over a transport, under the policy.</summary>
    /// <param name="transport">
    /// The transport; it belongs to the returned stream, and is disposed when the call fails (on cancellation, in the
    /// background).
    /// </param>
    /// <param name="targetHost">The host name or IP address that the server's certificate must be for.</param>
    /// <param name="applicationProtocols">
    /// What to offer instead of the whole list: a subset of it. Default: the policy's list; empty: no ALPN.
    /// </param>
    /// <param name="cancellationToken">Ends the handshake.</param>
    /// <returns>The authenticated stream.</returns>
    /// <remarks>
    /// An exception of the transport is inside the <see cref="TlsHandshakeException"/>. A TLS 1.3 server judges the
    /// client certificate after the handshake: its refusal is an <see cref="IOException"/> of the first read, with the
    /// <see cref="TlsHandshakeException"/> inside.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="targetHost"/> is not a host name, or a protocol is not in
    /// the policy.</exception>
    /// <exception cref="TlsHandshakeException">The handshake failed or the server was refused.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The service provider of the context is disposed.</exception>
    public async ValueTask<SslStream> AuthenticateAsClientAsync(
        Stream transport, string targetHost, IReadOnlyList<SslApplicationProtocol>? applicationProtocols = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        try
        {
            ThrowIfEnded();
            var generation = _generation;
            var verification = new HandshakeVerification(
                generation.Upstream.Validator, generation.Upstream.NameFor(targetHost));
            var options = generation.Upstream.OwnOptions(Subset(applicationProtocols, generation), verification);
            var stream = await generation.Handshake.RunAsync(transport, options, verification, cancellationToken)
                .ConfigureAwait(false);
            generation.Handshake.ExpectLateRefusal(stream, verification.Host.Shown);
            generation.Remember(stream);
            return stream;
        }
        catch
        {
            await transport.CloseAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Connects to a host by TCP and authenticates it under the policy, as
    /// <see cref="ConnectAsync(DnsEndPoint, CancellationToken)"/> does.
    /// </summary>
    /// <param name="host">The host; the server's certificate must be for it.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The authenticated stream, which owns the connection.</returns>
    /// <exception cref="ArgumentException">The host is not a host name, or the port is out of range.</exception>
    /// <exception cref="SocketException">No connection could be made.</exception>
    /// <exception cref="TlsHandshakeException">The handshake failed or the server was refused.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The service provider of the context is disposed.</exception>
    public ValueTask<SslStream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) =>
        ConnectAsync(new DnsEndPoint(host, port), cancellationToken);

    /// <summary>
    /// Connects to an end point by TCP and authenticates it under the policy. Every address of the name is tried in
    /// turn.
    /// </summary>
    /// <param name="endPoint">Host and port; the server's certificate must be for this host.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The authenticated stream, which owns the connection.</returns>
    /// <exception cref="ArgumentException">The host is not a host name.</exception>
    /// <exception cref="SocketException">No connection could be made.</exception>
    /// <exception cref="TlsHandshakeException">The handshake failed or the server was refused.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The service provider of the context is disposed.</exception>
    public async ValueTask<SslStream> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ThrowIfEnded();
        _ = _generation.Upstream.NameFor(endPoint.Host);
        var transport = await TcpConnector.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
        return await AuthenticateAsClientAsync(transport, endPoint.Host, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Judges a server's certificate as a handshake under this policy would.</summary>
    /// <param name="leaf">The server's certificate.</param>
    /// <param name="intermediates">What the server sent with it.</param>
    /// <param name="targetHost">The host name or IP address that it must be for.</param>
    /// <returns>The verdict with every reason. A policy that skips validation accepts everything.</returns>
    /// <exception cref="ArgumentException"><paramref name="targetHost"/> is empty or no host name.</exception>
    /// <exception cref="ObjectDisposedException">The service provider of the context is disposed.</exception>
    public ServerCertificateValidationResult ValidateServerCertificate(
        X509Certificate2 leaf, X509Certificate2Collection intermediates, string targetHost)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(intermediates);
        ThrowIfEnded();
        var upstream = _generation.Upstream;
        var host = upstream.NameFor(targetHost);
        return upstream.Validator?.Validate(leaf, intermediates, host) ?? ServerCertificateValidationResult.Accepted;
    }

    /// <summary>
    /// Called when the service provider is disposed: no new handshake begins. Handshakes under way, streams that are
    /// connected and options that were handed out go on working; the certificates are freed with the last of them.
    /// </summary>
    internal void End() => _hasEnded = true;

    internal bool HasEnded => _hasEnded;

    internal void ThrowIfEnded() => ObjectDisposedException.ThrowIf(_hasEnded, this);

    private static IReadOnlyList<SslApplicationProtocol> Subset(
        IReadOnlyList<SslApplicationProtocol>? protocols, ContextGeneration generation)
    {
        foreach (var protocol in protocols ?? [])
        {
            if (!generation.Alpn.Contains(protocol))
            {
                throw new ArgumentException(
                    $"The policy does not offer the application protocol '{protocol}'.", nameof(protocols));
            }
        }

        return protocols ?? generation.Alpn;
    }
}
