namespace FlexTls;

/// <summary>
/// What a tunnel carries inside its TLS. The first read shows whether the server accepts the client
/// (<see cref="UpstreamStream"/> does the same for direct connections); after it, everything passes untouched.
/// </summary>
internal sealed class TunneledStream(Stream inner, LateFailures failures, IAnswerObserver observer) : Stream
{
    private IOException? _refusal;
    private bool _hasWritten, _isAnswered, _isDisposed;

    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanSeek => false;

    public override bool CanTimeout => inner.CanTimeout;

    public override int ReadTimeout { get => inner.ReadTimeout; set => inner.ReadTimeout = value; }

    public override int WriteTimeout { get => inner.WriteTimeout; set => inner.WriteTimeout = value; }

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Whether the end of the stream is an answer to something by now: a pool begins to read before it writes. If an
    /// HTTP/1.1 connection ends before its first use, the pool opens another.
    /// </summary>
    private bool IsUsed => _hasWritten || failures.IsHttp2;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Judge(inner.Read(buffer), buffer.Length);
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            throw reason;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _isAnswered ? inner.ReadAsync(buffer, cancellationToken) : FirstReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hasWritten = true;
        try
        {
            inner.Write(buffer);
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            throw reason;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _hasWritten = true;
        return _isAnswered ? inner.WriteAsync(buffer, cancellationToken)
            : WriteBeforeAnswerAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        ReportClosed();
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        ReportClosed();
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void ReportClosed()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            observer.Closed();
        }
    }

    private async ValueTask<int> FirstReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return Judge(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            throw reason;
        }
    }

    private async ValueTask WriteBeforeAnswerAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            throw reason;
        }
    }

    /// <summary>The number of bytes read, unless the server ended the connection without ever answering.</summary>
    private int Judge(int read, int wanted)
    {
        if (read > 0 && !_isAnswered)
        {
            _isAnswered = true;
            observer.Answered();
        }

        // A read of nothing only shows that there is something to read, which may be the end.
        return read == 0 && wanted > 0 && Refusal(null) is { } refusal ? throw refusal : read;
    }

    /// <summary>
    /// The exception to throw instead; <see langword="null"/>: the server has not refused the client. Whoever reads a
    /// refusal closes the stream, and a pending write then fails.
    /// </summary>
    private IOException? Reason(Exception exception) => exception switch
    {
        IOException failure when !EndedConnectionException.IsIn(failure) => Refusal(failure),
        ObjectDisposedException => _refusal,
        _ => null,
    };

    private IOException? Refusal(IOException? failure)
    {
        if (_refusal is null && !_isAnswered && !_isDisposed && IsUsed)
        {
            _refusal = failure is not null && HandshakeFailures.IsRenegotiation(failure)
                ? failures.RenegotiationWanted(failure) : failures.Explain(failure);
        }

        return _refusal;
    }
}
