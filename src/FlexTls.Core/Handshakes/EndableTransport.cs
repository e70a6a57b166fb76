#pragma warning disable CA2213 // A source of cancellation without a timer holds nothing that must be freed.
namespace FlexTls;

/// <summary>
/// A transport that FlexTls can end: from then on it carries no data, however late the user's stream under it closes.
/// </summary>
internal class EndableTransport(Stream transport) : Stream
{
    private readonly CancellationTokenSource _end = new();
    private volatile string? _endReason;
    private bool _isClosed;

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

    /// <summary>Why FlexTls ended the connection; <see langword="null"/>: it has not.</summary>
    public string? EndReason => _endReason;

    /// <summary>Ends it. Pending calls that have no token from their caller are canceled.</summary>
    public void End(string reason)
    {
        _endReason = reason;
        _end.CancelInBackground();
        Dispose();
    }

    /// <summary>Returns the number of bytes read.</summary>
    /// <exception cref="EndOfStreamException">FlexTls has ended the connection meanwhile.</exception>
    public int ThrowIfEnded(int read) => _endReason is null ? read : throw new EndOfStreamException();

    /// <summary>
    /// The exception to throw instead, with the reason why FlexTls ended the connection; <see langword="null"/>: it has
    /// not.
    /// </summary>
    public IOException? EndFailure(Exception exception) =>
        _endReason is { } reason && exception is IOException or ObjectDisposedException or OperationCanceledException
            ? new EndedConnectionException(reason, exception) : null;

    public override int Read(Span<byte> buffer)
    {
        ThrowIfEnded();
        return transport.Read(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        return transport.ReadAsync(buffer, UntilTheEnd(cancellationToken));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ThrowIfEnded();
        transport.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

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
            // Nothing must wait for the transport of a connection that FlexTls has ended.
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

    private CancellationToken UntilTheEnd(CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? cancellationToken : _end.Token;
}
