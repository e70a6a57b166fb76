namespace FlexTls;

/// <summary>
/// Makes HTTP handlers for the registered upstreams, for code that makes its own clients: gateways, SDKs,
/// <see cref="HttpMessageInvoker"/>. A singleton; thread-safe.
/// </summary>
public interface IOutboundTlsHandlerFactory
{
    /// <summary>
    /// Makes a handler that follows the policy in force: connections are drained when it changes, and counted in the
    /// upstream's status.
    /// </summary>
    /// <param name="name">The upstream, as for <see cref="IOutboundTlsContextProvider.GetContext"/>.</param>
    /// <param name="settings">As for <see cref="OutboundTlsHandler"/>. Default: the platform's.</param>
    /// <returns>A handler of the caller's, who disposes it.</returns>
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
