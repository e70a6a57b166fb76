using Microsoft.Extensions.Primitives;

namespace FlexTls;

/// <summary>Shows and reloads the upstreams while the program runs. A singleton; thread-safe.</summary>
/// <remarks>
/// The first call loads the policies, unless the host has done so at its start. It may then block while sources, files
/// and secrets are read, up to 30 seconds each, and throws what the program's own code throws: policies written in code
/// and the factories of sources and providers.
/// </remarks>
public interface IOutboundTlsManager
{
    /// <summary>
    /// Returns the present status of every upstream. Reads the policies if they have not been read yet.
    /// </summary>
    /// <returns>
    /// An immutable snapshot. It contains subjects and file names, but no private key, passphrase or certificate text.
    /// </returns>
    /// <exception cref="TlsPolicyException">
    /// The registered policies cannot be used; the exception lists all faults.
    /// </exception>
    OutboundTlsStatus GetStatus();

    /// <summary>
    /// Reads all policies again, and the files that they refer to, and puts in force what has changed. It does not wait
    /// for files to settle: the caller vouches that they are complete. Upstreams whose policies cannot be used keep
    /// their generation.
    /// </summary>
    /// <param name="cancellationToken">
    /// Ends the wait for a reading that is already under way. A reading that has begun is finished.
    /// </param>
    /// <returns>
    /// All findings, in file order. Errors are also logged, and become the <see cref="UpstreamTlsStatus.Degradation"/>
    /// of the upstreams that are held back.
    /// </returns>
    /// <exception cref="TlsPolicyException">
    /// The first load of the registered policies failed; the exception lists all faults.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The services of the program were disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    Task<IReadOnlyList<TlsPolicyDiagnostic>> ReloadAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// A token that fires once, when a policy has come into force for any upstream, including one that had no policy
    /// before. <see cref="IOutboundTlsContextProvider.GetReloadToken"/> is for a single upstream.
    /// </summary>
    /// <returns>
    /// The token; its callbacks run in the background. Ask for it before you look at the policies, so that you miss no
    /// change.
    /// </returns>
    /// <exception cref="TlsPolicyException">
    /// The registered policies cannot be used; the exception lists all faults.
    /// </exception>
    IChangeToken GetReloadToken();
}
