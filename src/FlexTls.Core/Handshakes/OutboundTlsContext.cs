#pragma warning disable RS0026 // The two ConnectAsync take different things to connect to, so no call is ambiguous.
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// Everything that connections to one upstream need (offer, trust, client certificate), loaded once. Thread-safe. Not
/// disposable: a context from <see cref="TlsContextFactory"/> works as long as it is referenced, a context from a
/// service provider until that provider is disposed. Each property reads the policy in force: what two of them say may
/// belong to two policies if one replaced the other in between.
/// </summary>
public sealed class OutboundTlsContext
{
    private volatile ContextGeneration _generation;
    private volatile bool _hasEnded;

    internal OutboundTlsContext(ContextGeneration generation) => _generation = generation;

    /// <summary>The upstream's name, or <see langword="null"/> if the context was created without one.</summary>
    public string? Name => _generation.Name;

    /// <summary>The policy of the context.</summary>
    public OutboundTlsPolicy Policy => _generation.Policy;

    /// <summary>
    /// The findings from creating the context: limitations of the platform, certificates out of date. Those of the
    /// policy itself are in <see cref="OutboundTlsPolicy.Diagnostics"/>.
    /// </summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Diagnostics => _generation.Diagnostics;

    /// <summary>
    /// The suites that connections offer, or <see langword="null"/> if the platform cannot choose them per connection.
    /// </summary>
    public CipherSuitesPolicy? CipherSuitesPolicy => _generation.CipherSuitesPolicy;

    /// <summary>The settings that the context actually offers and checks on this machine.</summary>
    public EffectiveTlsSettings Effective => _generation.Effective;

    /// <summary>The generation for new handshakes. A running handshake keeps the one that it began with.</summary>
    internal ContextGeneration Generation
    {
        get => _generation;
        set => _generation = value;
    }

    /// <summary>
    /// Creates options for the caller's own <see cref="SslStream"/>. They are safe as they are: their chain policy is
    /// the strict one, so that replacing the callback only loses the additional checks (names only by SAN, key sizes).
    /// For a refused certificate the callback throws <see cref="TlsHandshakeException"/>, which the handshake throws
    /// itself or as an inner exception.
    /// </summary>
    /// <remarks>
    /// A library may call the callback with a sender that isn't an <see cref="SslStream"/>. The certificate is then
    /// judged as usual, but the callback cannot see the negotiated cipher suite, and the other options must keep it
    /// within the policy; if the platform cannot choose suites, the server is refused. All other exceptions of the
    /// caller's handshake are the platform's.
    /// </remarks>
    /// <param name="targetHost">
    /// The host name or IP address that the server's certificate must match, and the server name to send (none for an
    /// address), unless the policy has a <see cref="OutboundTlsPolicy.ServerName"/>.
    /// </param>
    /// <returns>New options on every call, for one host.</returns>
    /// <exception cref="ArgumentException"><paramref name="targetHost"/> is empty or not a host name.</exception>
    /// <exception cref="TlsHandshakeException">
    /// The platform's IDNA rejects the host, such as <c>www-.lab</c>, or the policy requires mutual TLS, which FlexTls
    /// can check only on streams that it authenticates itself.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The service provider of the context is disposed.</exception>
    public SslClientAuthenticationOptions CreateClientOptions(string targetHost)
    {
        var options = new SslClientAuthenticationOptions();
        ConfigureClientOptions(options, targetHost);
        return options;
    }

    /// <summary>
    /// Applies the policy to options from a library, such as a database driver. They become like those of
    /// <see cref="CreateClientOptions"/>, but application protocols that the library has set are kept; an empty list
    /// means none. Everything else is set, including certificates and callbacks.
    /// </summary>
    /// <param name="options">The options, to be used for one host.</param>
    /// <param name="targetHost">As for <see cref="CreateClientOptions"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="targetHost"/> is empty or not a host name.</exception>
    /// <exception cref="TlsHandshakeException">As for <see cref="CreateClientOptions"/>.</exception>
    /// <exception cref="ObjectDisposedException">The service provider of the context is disposed.</exception>
    public void ConfigureClientOptions(SslClientAuthenticationOptions options, string targetHost)
    {
        ArgumentNullException.ThrowIfNull(options);
        ThrowIfEnded();
        var generation = _generation;
        var host = generation.Upstream.NameFor(targetHost, nameof(targetHost));
        if (generation.FaultOfForeign(host) is { } fault)
        {
            throw fault;
        }

        generation.Upstream.FillForeign(
            options, host, ChainPolicies.Strict(generation.Policy.TrustAnchors),
            generation.Upstream.Handshake.ThrowingCallback(generation.Upstream.Validator, host));
        options.ApplicationProtocols ??= generation.Alpn.Count == 0 ? null : [.. generation.Alpn];
    }

    /// <summary>Authenticates a server over a transport, under the policy.</summary>
    /// <param name="transport">
    /// The transport. It belongs to the returned stream, and is disposed if the call fails (on cancellation, in the
    /// background).
    /// </param>
    /// <param name="targetHost">The host name or IP address that the server's certificate must match.</param>
    /// <param name="applicationProtocols">
    /// The protocols to offer, a subset of the policy's list. Default: the whole list; empty: no ALPN.
    /// </param>
    /// <param name="cancellationToken">Cancels the handshake.</param>
    /// <returns>The authenticated stream.</returns>
    /// <remarks>
    /// An exception of the transport is an inner exception of the <see cref="TlsHandshakeException"/>. A TLS 1.3 server
    /// judges the client certificate after the handshake: if it refuses, the first read throws an
    /// <see cref="IOException"/> with the <see cref="TlsHandshakeException"/> inside.
    /// </remarks>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="transport"/> or <paramref name="targetHost"/> is <see langword="null"/>.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="targetHost"/> is not a host name, or a protocol is not in the policy.
    /// </exception>
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
            var host = generation.Upstream.NameFor(targetHost, nameof(targetHost));
            var stream = await generation.Upstream.AuthenticateAsync(
                transport, host, generation.Offer(applicationProtocols, nameof(applicationProtocols)),
                cancellationToken).ConfigureAwait(false);
            return generation.Finish(stream, host, endPoint: null);
        }
        catch
        {
            await transport.CloseAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Authenticates a server over a transport, under the policy, with all of its protocols.</summary>
    /// <param name="transport">The transport, which belongs to the stream, and is disposed if the call fails.</param>
    /// <param name="targetHost">The host name or IP address that the server's certificate must match.</param>
    /// <param name="cancellationToken">Cancels the handshake.</param>
    /// <returns>The authenticated stream.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="targetHost"/> is empty or not a host name.</exception>
    /// <exception cref="TlsHandshakeException">The handshake failed or the server was refused.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The service provider of the context is disposed.</exception>
    [OverloadResolutionPriority(1)] // For a third argument that is just "default".
    public ValueTask<SslStream> AuthenticateAsClientAsync(
        Stream transport, string targetHost, CancellationToken cancellationToken) =>
        AuthenticateAsClientAsync(transport, targetHost, null, cancellationToken);

    /// <summary>
    /// Connects to a host by TCP and authenticates it under the policy, as
    /// <see cref="ConnectAsync(DnsEndPoint, CancellationToken)"/> does.
    /// </summary>
    /// <param name="host">The host, which the server's certificate must match.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The authenticated stream, which owns the connection.</returns>
    /// <exception cref="ArgumentException">The host is not a host name, or the port is out of range.</exception>
    /// <exception cref="SocketException">No connection could be made.</exception>
    /// <exception cref="TlsHandshakeException">The handshake failed or the server was refused.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The service provider of the context is disposed.</exception>
    public ValueTask<SslStream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) =>
        ConnectAsync(new DnsEndPoint(host, port), cancellationToken);

    /// <summary>
    /// Connects to an end point by TCP and authenticates it under the policy. All addresses of the name are tried in
    /// turn. If the server refuses an offer of TLS 1.3 alone (<see cref="EffectiveTlsSettings.ResumesSessions"/>), or
    /// resumes a session with an outdated certificate, another connection is made.
    /// </summary>
    /// <param name="endPoint">Host and port; the server's certificate must match the host.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The authenticated stream, which owns the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endPoint"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The host is not a host name.</exception>
    /// <exception cref="SocketException">No connection could be made.</exception>
    /// <exception cref="TlsHandshakeException">The handshake failed or the server was refused.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The service provider of the context is disposed.</exception>
    public async ValueTask<SslStream> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ThrowIfEnded();
        _ = _generation.Upstream.NameFor(endPoint.Host, nameof(endPoint));
        var transport = await TcpConnector.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfEnded();
            var generation = _generation;
            var stream = await generation.Upstream.AuthenticateAsync(
                transport,
                static async (again, token) => await TcpConnector.ConnectAsync(again, token).ConfigureAwait(false),
                endPoint, generation.Alpn, cancellationToken).ConfigureAwait(false);
            return generation.Finish(stream, generation.Upstream.NameFor(endPoint.Host), endPoint);
        }
        catch
        {
            await transport.CloseAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Judges a server's certificate as a handshake under this policy would.</summary>
    /// <param name="leaf">The server's certificate.</param>
    /// <param name="intermediates">The certificates that the server sent with it.</param>
    /// <param name="targetHost">The host name or IP address that it must match.</param>
    /// <returns>The verdict with all reasons. A policy that skips validation accepts everything.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="targetHost"/> is empty or not a host name.</exception>
    /// <exception cref="ObjectDisposedException">The service provider of the context is disposed.</exception>
    public ServerCertificateValidationResult ValidateServerCertificate(
        X509Certificate2 leaf, X509Certificate2Collection intermediates, string targetHost)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(intermediates);
        ThrowIfEnded();
        var upstream = _generation.Upstream;
        var host = upstream.NameFor(targetHost, nameof(targetHost));
        return upstream.Validator?.Validate(leaf, intermediates, host) ?? ServerCertificateValidationResult.Accepted;
    }

    /// <summary>
    /// Called when the service provider is disposed: no new handshake begins. Running handshakes, connected streams and
    /// options that were handed out continue to work; the certificates are freed with the last of them.
    /// </summary>
    internal void End() => _hasEnded = true;

    internal void ThrowIfEnded() => ObjectDisposedException.ThrowIf(_hasEnded, this);
}
