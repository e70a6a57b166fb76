using System.Runtime.CompilerServices;

namespace FlexTls.Handshakes;

/// <summary>
/// A transport that notes the version in the server's first record. The platform does not tell it, and a handshake that
/// failed can say by it what the server speaks.
/// </summary>
internal sealed class AnswerWatch(Stream transport) : Stream
{
    // Of a record's header: the type of its content, then the version (RFC 8446, section 5.1).
    private readonly byte[] _start = new byte[3];
    private int _seen;
    private bool _isClosed;

    /// <summary>What the first record says; <see langword="null"/>: nothing, or it is none of a handshake.</summary>
    public FirstAnswer? Answer => _seen == _start.Length ? FirstAnswer.Of(_start[0], _start[1], _start[2]) : null;

    public override bool CanRead => transport.CanRead;

    public override bool CanWrite => transport.CanWrite;

    public override bool CanSeek => false;

    public override bool CanTimeout => transport.CanTimeout;

    public override int ReadTimeout
    {
        get => transport.ReadTimeout;
        set => transport.ReadTimeout = value;
    }

    public override int WriteTimeout
    {
        get => transport.WriteTimeout;
        set => transport.WriteTimeout = value;
    }

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer) => Note(transport.Read(buffer), buffer);

    public override int Read(byte[] buffer, int offset, int count) =>
        Note(transport.Read(buffer, offset, count), buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _seen == _start.Length
            ? transport.ReadAsync(buffer, cancellationToken)
            : ReadAndNoteAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer) => transport.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => transport.Write(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        transport.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        transport.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Flush() => transport.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => transport.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            await transport.DisposeAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            transport.Dispose();
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadAndNoteAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        Note(await transport.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Span);

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
