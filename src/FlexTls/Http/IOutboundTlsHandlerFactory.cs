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
    /// <exception cref="KeyNotFoundException">No policy is registered under that name.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="settings"/> sets something in <see cref="SocketsHttpHandler.SslOptions"/>, which the policy
    /// decides.
    /// </exception>
    /// <exception cref="TlsPolicyException">
    /// The registered policies cannot be used, or this one's <c>alpn</c> has neither <c>h2</c> nor <c>http/1.1</c>.
    /// </exception>
    HttpMessageHandler CreateHandler(string name, SocketsHttpHandler? settings = null);
}
