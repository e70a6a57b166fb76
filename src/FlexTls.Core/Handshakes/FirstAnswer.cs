namespace FlexTls.Handshakes;

/// <summary>The version that a server answers a ClientHello with, as its first record has it.</summary>
/// <param name="IsChosen">
/// Whether the server has chosen it; an alert may come before a version is chosen, and has any then.
/// </param>
/// <param name="Version">The version; <see langword="null"/>: one before TLS 1.1, which is not supported.</param>
internal readonly record struct FirstAnswer(bool IsChosen, TlsVersion? Version)
{
    private const byte Alert = 21;
    private const byte Handshake = 22;

    /// <summary>
    /// Whether the server speaks nothing as new as a version. TLS 1.3 has the version of TLS 1.2 in its records.
    /// </summary>
    public bool IsBefore(TlsVersion version) =>
        Version is null || (Version == TlsVersion.Tls11 && version > TlsVersion.Tls11);

    /// <summary>What follows from the start of a record's header.</summary>
    public static FirstAnswer? Of(byte content, byte major, byte minor) => (content, major, minor) switch
    {
        (Alert or Handshake, 3, 0 or 1) => new(content == Handshake, null),
        (Alert or Handshake, 3, 2) => new(content == Handshake, TlsVersion.Tls11),
        (Alert or Handshake, 3, 3) => new(content == Handshake, TlsVersion.Tls12),
        _ => null,
    };
}
