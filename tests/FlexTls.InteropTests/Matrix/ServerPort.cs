namespace FlexTls.Interop;

/// <summary>The ports that every server has, each with another certificate or another wish. Configurations use these names.</summary>
public enum ServerPort
{
    /// <summary>A P-256 key; all versions and suites that the server has.</summary>
    Ec,

    /// <summary>An RSA key of 2048 bits.</summary>
    Rsa,

    /// <summary>Of TLS 1.3, this suite only.</summary>
    Aes128Gcm,

    /// <summary>Of TLS 1.3, this suite only.</summary>
    Aes256Gcm,

    /// <summary>Of TLS 1.3, this suite only.</summary>
    ChaCha20,

    /// <summary>A client certificate is required.</summary>
    ClientRequired,

    /// <summary>A client certificate is asked for.</summary>
    ClientOptional,

    /// <summary>The certificate of another CA.</summary>
    Foreign,

    /// <summary>The certificate of another host.</summary>
    WrongName,

    /// <summary>A certificate that expired yesterday.</summary>
    Expired,

    /// <summary>A certificate with the host as its common name, and no subject alternative name.</summary>
    CommonName,
}
