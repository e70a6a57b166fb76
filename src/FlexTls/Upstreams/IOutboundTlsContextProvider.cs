using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace FlexTls;

/// <summary>
/// The TLS contexts of the registered upstreams, for code that connects without <see cref="HttpClient"/>. A singleton;
/// thread-safe.
/// </summary>
/// <remarks>
/// The first call loads the policies, unless the host has done so at its start. It may then block while sources, files
/// and secrets are read, up to 30 seconds each, and throws what the program's own code throws: policies written in code
/// and the factories of sources and providers.
/// </remarks>
public interface IOutboundTlsContextProvider
{
    /// <summary>The context of an upstream, until the service provider is disposed.</summary>
    /// <param name="name">
    /// The name of a Service: <c>orders</c> (in the namespace <c>default</c>, or else in the only namespace that has
    /// it), or with its namespace, <c>payments/orders</c>.
    /// </param>
    /// <returns>A lasting handle: each call on it uses the policy in force.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is <see langword="null"/>.</exception>
    /// <exception cref="KeyNotFoundException">
    /// No policy is registered under that name, or several namespaces have it, but not <c>default</c>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">
    /// The service provider was disposed before the policies were loaded.
    /// </exception>
    /// <exception cref="TlsPolicyException">
    /// The registered policies cannot be used; the exception lists all faults.
    /// </exception>
    OutboundTlsContext GetContext(string name);

    /// <summary>The context of an upstream, if there is one.</summary>
    /// <param name="name">As for <see cref="GetContext"/>.</param>
    /// <param name="context">The context, which follows the policy in force.</param>
    /// <returns><see langword="false"/> if no policy, or more than one, is registered under that name.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is <see langword="null"/>.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The service provider was disposed before the policies were loaded.
    /// </exception>
    /// <exception cref="TlsPolicyException">
    /// The registered policies cannot be used; the exception lists all faults.
    /// </exception>
    bool TryGetContext(string name, [NotNullWhen(true)] out OutboundTlsContext? context);

    /// <summary>
    /// A token that fires once, when another policy or a renewed certificate comes into force for the upstream, so that
    /// connection pools of databases and brokers can close their old connections.
    /// </summary>
    /// <param name="name">As for <see cref="GetContext"/>.</param>
    /// <returns>
    /// The token; its callbacks run in the background. Ask for it before you connect, so that you miss no change.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is <see langword="null"/>.</exception>
    /// <exception cref="KeyNotFoundException">
    /// No policy is registered under that name, or several namespaces have it, but not <c>default</c>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">
    /// The service provider was disposed before the policies were loaded.
    /// </exception>
    /// <exception cref="TlsPolicyException">
    /// The registered policies cannot be used; the exception lists all faults.
    /// </exception>
    IChangeToken GetReloadToken(string name);
}
