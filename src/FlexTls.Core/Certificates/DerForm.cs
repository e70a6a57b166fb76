namespace FlexTls;

/// <summary>
/// The kinds of binary data that their outermost parts reveal: messages name a cause only after a look at the
/// unreadable data.
/// </summary>
internal enum DerForm
{
    /// <summary>No known kind, or cut off.</summary>
    Unknown,

    /// <summary>A certificate; a certificate request and a revocation list have the same outermost parts.</summary>
    Certificate,
    PrivateKey,
    EncryptedPrivateKey,
    PublicKey,
    Pkcs7,
    Pkcs12,
}
