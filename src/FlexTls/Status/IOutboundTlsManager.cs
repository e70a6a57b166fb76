namespace FlexTls;

/// <summary>What operators ask of the upstreams while the program runs. A singleton; thread-safe.</summary>
public interface IOutboundTlsManager
{
    /// <summary>What holds for every upstream now. Policies that were not read yet are read.</summary>
    /// <returns>A snapshot, which does not change. It holds no private key, passphrase or certificate text; subjects and file names are in it.</returns>
    /// <exception cref="TlsPolicyException">The registered policies cannot be used; all faults are in it.</exception>
    OutboundTlsStatus GetStatus();
}
