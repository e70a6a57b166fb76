using Microsoft.Extensions.Primitives;

namespace FlexTls;

/// <summary>
/// A secret from an <see cref="ITlsSecretProvider"/>: PEM text in UTF-8, a PKCS#12 file or a passphrase. At most 1 MiB.
/// </summary>
public sealed class TlsSecret
{
    /// <summary>Creates a secret.</summary>
    /// <param name="content">The content. FlexTls keeps this memory while it is in use, so do not change it.</param>
    /// <param name="changeToken">
    /// Fires when the content may have changed. If its <see cref="IChangeToken.ActiveChangeCallbacks"/> is
    /// <see langword="false"/>, FlexTls asks for the secret again with each poll: for a vault without notifications.
    /// <see langword="null"/>: only <c>IOutboundTlsManager.ReloadAsync</c> reads the secret again.
    /// </param>
    public TlsSecret(ReadOnlyMemory<byte> content, IChangeToken? changeToken = null) =>
        (Content, ChangeToken) = (content, changeToken);

    /// <summary>The content.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Fires when the content may have changed; <see langword="null"/>: changes are not reported.</summary>
    public IChangeToken? ChangeToken { get; }
}
