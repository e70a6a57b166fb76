using System.Buffers.Binary;

namespace FlexTls;

/// <summary>
/// Follows the bytes of a server's first flight up to its hello, however they are split. What the server sends is only
/// read, never acted on: the platform judges it.
/// </summary>
internal sealed class ServerHelloReader
{
    // Record headers and message headers (RFC 8446, sections 5.1 and 4).
    private const int RecordHeader = 5;
    private const int MessageHeader = 4;
    private const byte ChangeCipherSpec = 20;
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte Hello = 2;

    // OpenSSL's own limit on a ServerHello.
    private const int LongestHello = 20_000;

    // A ServerHello follows at most one request for another ClientHello.
    private const int MostMessages = 2;

    private readonly byte[] _record = new byte[RecordHeader];
    private readonly byte[] _message = new byte[MessageHeader];
    private int _recordSeen, _fragmentLeft, _messageSeen, _bodySeen, _messages;
    private byte[]? _body;
    private byte[]? _sessionId;
    private bool _hasSent;

    /// <summary>Whether the rest of the bytes does not matter.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The hello; <see langword="null"/>: none was read, or it is malformed.</summary>
    public ServerHello? Result { get; private set; }

    /// <summary>
    /// The version from the first record; <see langword="null"/>: none yet, or not a handshake record.
    /// </summary>
    public FirstAnswer? FirstAnswer { get; private set; }

    /// <summary>Reads the session id from the client's first flight, which the platform writes at once.</summary>
    public void ReadSent(ReadOnlySpan<byte> flight)
    {
        const int SessionIdAt = RecordHeader + MessageHeader + 2 + 32;
        if (!_hasSent && flight.Length > SessionIdAt && flight[SessionIdAt] is var length
            && flight.Length > SessionIdAt + length)
        {
            _sessionId = flight.Slice(SessionIdAt + 1, length).ToArray();
        }

        _hasSent = true;
    }

    /// <summary>Reads the next bytes that the server sent.</summary>
    public void ReadReceived(ReadOnlySpan<byte> bytes)
    {
        while (!IsDone && bytes.Length > 0)
        {
            if (_fragmentLeft == 0)
            {
                bytes = bytes[Fill(_record, ref _recordSeen, bytes)..];
                if (_recordSeen == RecordHeader)
                {
                    BeginRecord();
                }
            }
            else
            {
                var part = bytes[..Math.Min(bytes.Length, _fragmentLeft)];
                bytes = bytes[part.Length..];
                _fragmentLeft -= part.Length;
                if (_record[0] == Handshake)
                {
                    ReadMessages(part);
                }
            }
        }
    }

    private static int Fill(byte[] target, ref int seen, ReadOnlySpan<byte> bytes)
    {
        var part = bytes[..Math.Min(bytes.Length, target.Length - seen)];
        part.CopyTo(target.AsSpan(seen));
        seen += part.Length;
        return part.Length;
    }

    private void BeginRecord()
    {
        FirstAnswer ??= FlexTls.FirstAnswer.Of(_record[0], _record[1], _record[2]);
        _recordSeen = 0;
        _fragmentLeft = BinaryPrimitives.ReadUInt16BigEndian(_record.AsSpan(3));
        IsDone = _record[0] is not (ChangeCipherSpec or Alert or Handshake);
    }

    private void ReadMessages(ReadOnlySpan<byte> bytes)
    {
        while (!IsDone && bytes.Length > 0)
        {
            if (_body is null)
            {
                bytes = bytes[Fill(_message, ref _messageSeen, bytes)..];
                if (_messageSeen == MessageHeader)
                {
                    BeginMessage();
                }
            }
            else
            {
                bytes = bytes[Fill(_body, ref _bodySeen, bytes)..];
            }

            if (_body is { } body && _bodySeen == body.Length)
            {
                EndMessage(body);
            }
        }
    }

    private void BeginMessage()
    {
        var length = (_message[1] << 16) | BinaryPrimitives.ReadUInt16BigEndian(_message.AsSpan(2));
        IsDone = _message[0] != Hello || length > LongestHello || ++_messages > MostMessages;
        (_body, _messageSeen, _bodySeen) = (IsDone ? null : new byte[length], 0, 0);
    }

    private void EndMessage(byte[] body)
    {
        _body = null;
        if (!ServerHello.IsRetry(body))
        {
            Result = ServerHello.Read(body, _sessionId);
            IsDone = true;
        }
    }
}
