using Microsoft.Extensions.Primitives;

namespace FlexTls;

/// <summary>
/// Policies from anywhere: a database, an API of a cluster, a control plane. Register it with <c>AddPolicySource</c>.
/// What holds for policy files holds for it: a fault holds back its own upstream, the policies in force stay, and a
/// change counts when two readings, half a second apart, are the same.
/// </summary>
public interface ITlsPolicySource
{
    /// <summary>The name of the source in messages, such as <c>config map outbound-tls</c>. Never changes.</summary>
    string Name { get; }

    /// <summary>
    /// Reads all policies of the source as they are now. Called at start, after the change token has fired, after a
    /// failure with each poll, and by <c>IOutboundTlsManager.ReloadAsync</c>; never on a
    /// thread of the thread pool, and not before the call before has returned. An exception, or no answer within 30
    /// seconds, is a fault of the source as a whole.
    /// </summary>
    /// <param name="reader">Turns text into policies.</param>
    /// <param name="cancellationToken">Canceled after 30 seconds.</param>
    /// <returns>
    /// What <paramref name="reader"/> gave, of several texts combined by <see cref="TlsPolicySet.Combine"/>, with their
    /// faults.
    /// </returns>
    ValueTask<TlsPolicySet> ReadAsync(TlsPolicyReader reader, CancellationToken cancellationToken);

    /// <summary>
    /// A token that fires when the source may have changed. Asked for before each reading, and again after it has
    /// fired.
    /// </summary>
    /// <returns>The token; one that never fires leaves changes to <c>IOutboundTlsManager.ReloadAsync</c>.</returns>
    IChangeToken GetChangeToken();
}
