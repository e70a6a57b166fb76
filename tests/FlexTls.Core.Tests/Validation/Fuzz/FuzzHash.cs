namespace FlexTls.Validation.Fuzz;

/// <summary>What a certificate is signed with; where the signer's key cannot do it, the nearest that it can.</summary>
internal enum FuzzHash
{
    Sha256,
    Sha384,
    Sha512,
    Sha1,
    Md5,
    PssSha256,
    PssSha1,
}
