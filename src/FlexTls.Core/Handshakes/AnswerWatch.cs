#pragma warning disable CA2213 // A source of cancellation without a timer holds nothing that must be freed.
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
    private readonly CancellationTokenSource _end = new();
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

    /// <summary>
    /// Ends the connection: from now on nothing is read or written, however late the transport is to close.
    /// </summary>
    public void End()
    {
        _ = _end.CancelAsync();
        Dispose();
    }

    public override int Read(Span<byte> buffer)
    {
        ThrowIfEnded();
        return Note(transport.Read(buffer), buffer);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ThrowIfEnded();
        return Note(transport.Read(buffer, offset, count), buffer.AsSpan(offset, count));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        return _seen == _start.Length
            ? transport.ReadAsync(buffer, UntilTheEnd(cancellationToken))
            : ReadAndNoteAsync(buffer, UntilTheEnd(cancellationToken));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ThrowIfEnded();
        transport.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ThrowIfEnded();
        transport.Write(buffer, offset, count);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        return transport.WriteAsync(buffer, UntilTheEnd(cancellationToken));
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => transport.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => transport.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
        {
            Dispose();
        }
        else if (!Interlocked.Exchange(ref _isClosed, true))
        {
            await transport.DisposeAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !Interlocked.Exchange(ref _isClosed, true))
        {
            // Nobody must wait for the transport of a connection that we have ended.
            if (_end.IsCancellationRequested)
            {
                transport.CloseInBackground();
            }
            else
            {
                transport.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private void ThrowIfEnded()
    {
        if (_end.IsCancellationRequested)
        {
            throw new EndOfStreamException();
        }
    }

    /// <summary>The caller's token; without one, that of the connection's end.</summary>
    private CancellationToken UntilTheEnd(CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? cancellationToken : _end.Token;

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
