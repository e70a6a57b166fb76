using Microsoft.Extensions.Primitives;

namespace FlexTls;

/// <summary>
/// A secret of an <see cref="ITlsSecretProvider"/>: PEM text in UTF-8, a PKCS#12 file or a passphrase. At most 1 MiB.
/// </summary>
public sealed class TlsSecret
{
    /// <summary>Makes a secret.</summary>
    /// <param name="content">The content. It is kept as long as it is in use, so do not change it.</param>
    /// <param name="changeToken">
    /// Fires when the content may have changed; <see langword="null"/>: it is read again only by
    /// <c>IOutboundTlsManager.ReloadAsync</c>.
    /// </param>
    public TlsSecret(ReadOnlyMemory<byte> content, IChangeToken? changeToken = null) =>
        (Content, ChangeToken) = (content, changeToken);

    /// <summary>The content.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Fires when the content may have changed; <see langword="null"/>: nothing fires.</summary>
    public IChangeToken? ChangeToken { get; }
}
