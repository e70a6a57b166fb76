namespace FlexTls;

/// <summary>
/// Pinned keys, of which at least one must be on the verified path to the server, as written: the
/// <c>extensions.pins</c> key.
/// </summary>
public class PinsOptions
{
    /// <summary>
    /// SHA-256 values of SubjectPublicKeyInfos, each 32 bytes in base64 (RFC 7469, section 2.4). Required and never
    /// empty; use two or more, so that one key can be renewed. <c>spkiSha256</c> in a policy file.
    /// </summary>
    public IList<string>? SpkiSha256 { get; set; }
}
