using System.Buffers.Binary;

namespace FlexTls;

/// <summary>
/// What the bytes of both sides show of a handshake, because the platform does not expose it. They are only read, never
/// acted on.
/// </summary>
internal sealed class HandshakeTrace
{
    private const int RecordHeader = 5;
    private const byte Encrypted = 23;
    private const int Unknown = int.MaxValue;

    // With a certificate, the client's last flight in TLS 1.3 is Certificate, CertificateVerify and Finished; without
    // one, an empty Certificate and Finished, or Finished alone. OpenSSL sends each in a record of its own, however it
    // pads them; if it did not, a certificate would not be seen, and a policy that requires it would refuse the server.
    private const int RecordsWithCertificate = 3;

    // Other libraries may not. ChangeCipherSpec, an empty Certificate message and Finished, each in a record, have 110
    // bytes at most. With a certificate, which may be compressed (RFC 8879), there is a signature too.
    private const int MostWithoutCertificate = 200;

    private readonly ServerHelloReader _reader = new();
    private int _sentBytes, _sentRecords, _restOfRecord;
    private bool _isPlain, _hasSentPlainCertificate;

    /// <summary>
    /// The version from the first record; <see langword="null"/>: none yet, or not a handshake record.
    /// </summary>
    public FirstAnswer? Answer => _reader.FirstAnswer;

    /// <summary>The server's hello; <see langword="null"/>: none was read.</summary>
    public ServerHello? Hello => _reader.Result;

    /// <summary>Whether the rest of what the server sends does not matter.</summary>
    public bool HasReceivedAll => _reader.IsDone;

    /// <summary>
    /// Whether a client certificate was sent; to be read when the handshake is complete.
    /// <see cref="System.Net.Security.SslStream.IsMutuallyAuthenticated"/> is not enough: it is also true if the key
    /// fits none of the server's signature algorithms and an empty Certificate message was sent.
    /// </summary>
    public bool HasSentCertificate => _isPlain ? _hasSentPlainCertificate
        : OperatingSystem.IsLinux() ? _sentRecords >= RecordsWithCertificate
        : _sentBytes > MostWithoutCertificate;

    /// <summary>Whether these bytes of a client begin a handshake.</summary>
    public static bool BeginsHandshake(ReadOnlySpan<byte> sent) => sent is [22, 3, _, _, _, 1, ..];

    /// <summary>Notes what the client sends. A header that is split between two writes ends the counting.</summary>
    public void Sent(ReadOnlySpan<byte> bytes)
    {
        _reader.ReadSent(bytes);
        if (Hello is not null && _sentRecords < RecordsWithCertificate)
        {
            ReadLastFlight(bytes);
        }
    }

    /// <summary>Notes what the server sends.</summary>
    public void Received(ReadOnlySpan<byte> bytes) => _reader.ReadReceived(bytes);

    private void ReadLastFlight(ReadOnlySpan<byte> bytes)
    {
        if (_sentBytes == 0)
        {
            // Before TLS 1.3 the flight begins in plain text (RFC 5246, section 7.4.6): record header, message header,
            // length of the list of certificates.
            _isPlain = bytes is [22, ..];
            _hasSentPlainCertificate = bytes is [22, _, _, _, _, 11, _, _, _, var high, var middle, var low, ..]
                && (high | middle | low) != 0;
        }

        _sentBytes = (int)Math.Min(int.MaxValue, (long)_sentBytes + bytes.Length);
        while (bytes.Length > _restOfRecord)
        {
            bytes = bytes[_restOfRecord..];
            _sentRecords += bytes[0] == Encrypted ? 1 : 0;
            _restOfRecord = bytes.Length < RecordHeader
                ? Unknown : RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        }

        _restOfRecord -= bytes.Length;
    }
}
