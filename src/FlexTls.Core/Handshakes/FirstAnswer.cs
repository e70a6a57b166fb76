namespace FlexTls;

/// <summary>The version in the first record with which a server answers a ClientHello.</summary>
/// <param name="IsChosen">
/// Whether the server has chosen it; an alert may come before that, and then its version means nothing.
/// </param>
/// <param name="Version">The version; <see langword="null"/>: older than TLS 1.1, which is not supported.</param>
internal readonly record struct FirstAnswer(bool IsChosen, TlsVersion? Version)
{
    private const byte Alert = 21;
    private const byte Handshake = 22;

    /// <summary>
    /// Whether all versions that the server speaks are older than a version. TLS 1.3 records carry the version of TLS
    /// 1.2.
    /// </summary>
    public bool IsBefore(TlsVersion version) =>
        Version is null || (Version == TlsVersion.Tls11 && version > TlsVersion.Tls11);

    /// <summary>Interprets the start of a record header.</summary>
    public static FirstAnswer? Of(byte content, byte major, byte minor) => (content, major, minor) switch
    {
        (Alert or Handshake, 3, 0 or 1) => new(content == Handshake, null),
        (Alert or Handshake, 3, 2) => new(content == Handshake, TlsVersion.Tls11),
        (Alert or Handshake, 3, 3) => new(content == Handshake, TlsVersion.Tls12),
        _ => null,
    };
}
