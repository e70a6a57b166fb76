using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>
/// A transport that records the version in the server's first record. The platform does not expose it, and after a
/// failed handshake it shows what the server speaks.
/// </summary>
internal sealed class AnswerWatch(Stream transport) : EndableTransport(transport)
{
    // The start of a record header: the content type, then the version (RFC 8446, section 5.1).
    private readonly byte[] _start = new byte[3];
    private int _seen;

    /// <summary>
    /// The version from the first record; <see langword="null"/>: none yet, or not a handshake record.
    /// </summary>
    public FirstAnswer? Answer => _seen == _start.Length ? FirstAnswer.Of(_start[0], _start[1], _start[2]) : null;

    public override int Read(Span<byte> buffer) => Note(base.Read(buffer), buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _seen == _start.Length
            ? base.ReadAsync(buffer, cancellationToken)
            : NoteAsync(base.ReadAsync(buffer, cancellationToken), buffer);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> NoteAsync(ValueTask<int> read, Memory<byte> buffer) =>
        Note(await read.ConfigureAwait(false), buffer.Span);

    private int Note(int read, ReadOnlySpan<byte> buffer)
    {
        var part = Math.Min(read, _start.Length - _seen);
        if (part > 0)
        {
            buffer[..part].CopyTo(_start.AsSpan(_seen));
            _seen += part;
        }

        return read;
    }
}
