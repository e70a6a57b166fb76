namespace FlexTls;

/// <summary>What operators ask of the upstreams while the program runs. A singleton; thread-safe.</summary>
public interface IOutboundTlsManager
{
    /// <summary>What holds for every upstream now. Policies that were not read yet are read.</summary>
    /// <returns>
    /// A snapshot, which does not change. It holds no private key, passphrase or certificate text; subjects and file
    /// names are in it.
    /// </returns>
    /// <exception cref="TlsPolicyException">The registered policies cannot be used; all faults are in it.</exception>
    OutboundTlsStatus GetStatus();

    /// <summary>
    /// Reads all policies again, and the files that they refer to, and puts in force what has changed. It does not wait
    /// for files to settle: the caller vouches that they are complete. Upstreams whose policies cannot be used keep the
    /// generation that they have.
    /// </summary>
    /// <param name="cancellationToken">
    /// Ends the waiting for a change that is being read already. What has begun is finished.
    /// </param>
    /// <returns>
    /// Everything that was found, in file order. Errors among it are logged too, and are the
    /// <see cref="UpstreamTlsStatus.Degradation"/> of the upstreams that are held back.
    /// </returns>
    /// <exception cref="TlsPolicyException">
    /// The registered policies could never be used; all faults are in it.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The services of the program were disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    Task<IReadOnlyList<TlsPolicyDiagnostic>> ReloadAsync(CancellationToken cancellationToken = default);
}
