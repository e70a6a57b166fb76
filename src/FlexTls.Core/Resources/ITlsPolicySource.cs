using Microsoft.Extensions.Primitives;

namespace FlexTls;

/// <summary>
/// A source of policies outside files: a database, the API of a cluster, a control plane. Register it with
/// <c>AddPolicySource</c>. It follows the same rules as policy files: a fault affects only its own upstream, the
/// policies in force stay, and a new answer takes effect once no other has arrived for half a second.
/// </summary>
public interface ITlsPolicySource
{
    /// <summary>
    /// The name of the source in messages, such as <c>config map outbound-tls</c>. Must never change.
    /// </summary>
    string Name { get; }

    /// <summary>
    /// Reads all policies of the source as they are now. Called at start, after the change token has fired, after a
    /// failure at least with each poll, and by <c>IOutboundTlsManager.ReloadAsync</c>; never before the previous call
    /// has returned. Until its first <see langword="await"/>, it does not run on a thread of the thread pool and may
    /// block; later it may run on one. An exception, or no answer within 30 seconds, is a fault of the source as a
    /// whole.
    /// </summary>
    /// <param name="reader">Turns text into policies.</param>
    /// <param name="cancellationToken">Canceled after 30 seconds.</param>
    /// <returns>
    /// The result of <paramref name="reader"/>, faults included; for several texts, their results combined by
    /// <see cref="TlsPolicySet.Combine"/>.
    /// </returns>
    ValueTask<TlsPolicySet> ReadAsync(TlsPolicyReader reader, CancellationToken cancellationToken);

    /// <summary>
    /// Gets a token that fires when the source may have changed. FlexTls asks for it before each reading.
    /// </summary>
    /// <returns>
    /// The token. If it never fires, or is <see langword="null"/>, as it is by default, only
    /// <c>IOutboundTlsManager.ReloadAsync</c> finds changes.
    /// </returns>
    IChangeToken? GetChangeToken() => null;
}
