namespace FlexTls;

/// <summary>
/// Creates HTTP handlers for the registered upstreams, for code that creates its own clients: gateways, SDKs,
/// <see cref="HttpMessageInvoker"/>. A singleton; thread-safe.
/// </summary>
public interface IOutboundTlsHandlerFactory
{
    /// <summary>
    /// Creates a handler that follows the policy in force. Its connections are drained when the policy changes, and
    /// count in the upstream's status.
    /// </summary>
    /// <param name="name">The upstream, as for <see cref="IOutboundTlsContextProvider.GetContext"/>.</param>
    /// <param name="settings">As for <see cref="OutboundTlsHandler"/>. Default: the platform's.</param>
    /// <returns>A handler, which the caller owns and disposes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is <see langword="null"/>.</exception>
    /// <exception cref="KeyNotFoundException">
    /// No policy is registered under that name, or several namespaces have it, but not <c>default</c>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The service provider is disposed.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="settings"/> sets something in <see cref="SocketsHttpHandler.SslOptions"/>, which the policy
    /// decides.
    /// </exception>
    /// <exception cref="TlsPolicyException">
    /// The registered policies cannot be used, or this one's <c>alpn</c> has neither <c>h2</c> nor <c>http/1.1</c>.
    /// </exception>
    HttpMessageHandler CreateHandler(string name, SocketsHttpHandler? settings = null);

    /// <summary>
    /// Creates a handler for a name that may get its policy later, as the clusters of a gateway do: its requests are
    /// under the policy from the first one after the policy arrives, and for good. The handler never throws for a
    /// fault of the policies, but refuses the requests: <see cref="CheckLateBoundHandler"/> says why.
    /// </summary>
    /// <param name="name">The upstream, as for <see cref="IOutboundTlsContextProvider.GetContext"/>.</param>
    /// <param name="whileUnbound">How requests are treated while that name has no policy.</param>
    /// <param name="handler">
    /// The settings, as for <see cref="OutboundTlsHandler"/>. With <see cref="UnboundClientBehavior.Stock"/> it also
    /// sends the requests itself while there is no policy, with its own TLS settings. It is owned by the new handler
    /// and disposed with it. Default: the platform's.
    /// </param>
    /// <param name="displayName">
    /// How <see cref="UpstreamTlsStatus.Users"/> describes the handler, such as <c>cluster 'orders'</c>. Default:
    /// <c>handler 'NAME'</c>.
    /// </param>
    /// <returns>A handler, which the caller owns and disposes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is <see langword="null"/>.</exception>
    HttpMessageHandler CreateLateBoundHandler(
        string name, UnboundClientBehavior whileUnbound, SocketsHttpHandler? handler = null,
        string? displayName = null);

    /// <summary>
    /// Why the requests of a handler that is created with the same arguments would be refused now.
    /// </summary>
    /// <param name="name">As for the handler.</param>
    /// <param name="whileUnbound">As for the handler.</param>
    /// <param name="settings">As for the handler, but it is only read, and stays the caller's.</param>
    /// <returns>The faults; empty: they would not be refused.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is <see langword="null"/>.</exception>
    IReadOnlyList<TlsPolicyDiagnostic> CheckLateBoundHandler(
        string name, UnboundClientBehavior whileUnbound, SocketsHttpHandler? settings = null);

    /// <summary>
    /// Creates a handler each of whose requests chooses its upstream, with <see cref="OutboundTlsRequest.Upstream"/>.
    /// Connections, sessions and cookies of different upstreams are separate.
    /// </summary>
    /// <param name="settings">As for <see cref="OutboundTlsHandler"/>. Default: the platform's.</param>
    /// <returns>A handler, which the caller owns and disposes.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="settings"/> sets something in <see cref="SocketsHttpHandler.SslOptions"/>, which the policy
    /// decides.
    /// </exception>
    HttpMessageHandler CreateSelectingHandler(SocketsHttpHandler? settings = null);
}
