namespace FlexTls.Certificates;

/// <summary>
/// What binary data are, told from their outermost parts: what nobody could read is looked at before a cause is
/// named.
/// </summary>
internal enum DerForm
{
    /// <summary>Nothing that is known, or cut off.</summary>
    Unknown,

    /// <summary>A certificate; a certificate request and a revocation list look alike from outside.</summary>
    Certificate,
    PrivateKey,
    EncryptedPrivateKey,
    PublicKey,
    Pkcs7,
    Pkcs12,
}
