using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>
/// A transport that reads the server's hello on its way. The platform does not expose it; it shows whether a session
/// was resumed, and after a failed handshake what the server speaks.
/// </summary>
internal sealed class AnswerWatch(Stream transport) : EndableTransport(transport)
{
    private readonly ServerHelloReader _reader = new();

    /// <summary>
    /// The version from the first record; <see langword="null"/>: none yet, or not a handshake record.
    /// </summary>
    public FirstAnswer? Answer => _reader.FirstAnswer;

    /// <summary>The server's hello; <see langword="null"/>: none was read.</summary>
    public ServerHello? Hello => _reader.Result;

    /// <summary>How many bytes were sent after the hello.</summary>
    public int SentAfterHello { get; private set; }

    /// <summary>
    /// Whether they begin with a Certificate message that has a certificate, which can be seen before TLS 1.3 (RFC
    /// 5246, section 7.4.6).
    /// </summary>
    public bool HasSentCertificate { get; private set; }

    public override int Read(Span<byte> buffer) => Note(base.Read(buffer), buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _reader.IsDone
            ? base.ReadAsync(buffer, cancellationToken)
            : NoteAsync(base.ReadAsync(buffer, cancellationToken), buffer);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        NoteSent(buffer);
        base.Write(buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        NoteSent(buffer.Span);
        return base.WriteAsync(buffer, cancellationToken);
    }

    private void NoteSent(ReadOnlySpan<byte> buffer)
    {
        _reader.ReadSent(buffer);
        if (Hello is not null && SentAfterHello == 0)
        {
            // Record header, message header, length of the list.
            HasSentCertificate = buffer is [22, _, _, _, _, 11, _, _, _, var high, var middle, var low, ..]
                && (high | middle | low) != 0;
        }

        SentAfterHello = Hello is null ? 0 : (int)Math.Min(int.MaxValue, (long)SentAfterHello + buffer.Length);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> NoteAsync(ValueTask<int> read, Memory<byte> buffer) =>
        Note(await read.ConfigureAwait(false), buffer.Span);

    private int Note(int read, ReadOnlySpan<byte> buffer)
    {
        if (!_reader.IsDone)
        {
            _reader.ReadReceived(buffer[..read]);
        }

        return read;
    }
}
