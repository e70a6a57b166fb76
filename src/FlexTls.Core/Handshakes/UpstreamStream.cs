using System.Net.Security;
using System.Runtime.CompilerServices;
using FlexTls.Validation;

namespace FlexTls.Handshakes;

/// <summary>
/// A TLS 1.3 client has finished its handshake before the server judges the client certificate, so a refusal comes with
/// the first read (RFC 8446, section 4.4.2.4). This stream gives that refusal its reason, and one to the end of a
/// connection that we close ourselves.
/// </summary>
internal sealed class UpstreamStream(EndableTransport transport) : SslStream(transport, leaveInnerStreamOpen: false)
{
    private const TaskCreationOptions FirstRead = TaskCreationOptions.RunContinuationsAsynchronously;
    private Func<IOException?, IOException?>? _explain;
    private Func<IOException, IOException>? _explainRenegotiation;
    private IConnectionObserver? _observer;
    private TaskCompletionSource? _firstRead;
    private IOException? _refusal;
    private volatile string? _endReason;
    private bool _hasWritten, _isAnswered, _isDisposed;

    // An answer that nobody disposes of: the platform frees its socket then, and it must not be counted forever.
    ~UpstreamStream() => ReportClosed();

    /// <summary>The certificates that the server presented.</summary>
    public PresentedChain Presented { get; set; } = PresentedChain.None;

    /// <summary>Reports what becomes of the connection.</summary>
    public void ReportTo(IConnectionObserver observer) => _observer = observer;

    /// <summary>From now to the first answer, a failure may be a late refusal.</summary>
    /// <param name="explain">
    /// Makes the exception to throw instead of one of the transport's, or, for <see langword="null"/>, at the end of
    /// the stream; <see langword="null"/> if it is no refusal.
    /// </param>
    /// <param name="holdFirstWrite">
    /// Whether the first write is done only when the first read is. The platform's HTTP/2 client reads before it
    /// writes, and reports what a write throws, but not what its first read throws. It costs the first request a round
    /// trip.
    /// </param>
    public void ExpectLateRefusal(Func<IOException?, IOException?> explain, bool holdFirstWrite) =>
        (_explain, _firstRead) = (explain, holdFirstWrite ? new(FirstRead) : null);

    /// <summary>At any time, a server of TLS 1.2 may want renegotiation, which the platform makes a failure.</summary>
    /// <param name="explain">Makes the exception to throw instead of the platform's.</param>
    public void ExpectRenegotiation(Func<IOException, IOException> explain) => _explainRenegotiation = explain;

    /// <summary>Ends the connection from our side. What is under way fails with this reason.</summary>
    public void End(string reason)
    {
        _endReason = reason;
        ReportClosed();
        ((EndableTransport)InnerStream).End();
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Judge(base.Read(buffer), buffer.Length);
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            throw reason;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _isAnswered ? WithReason(base.ReadAsync(buffer, cancellationToken)) : FirstReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _hasWritten = true;
            base.Write(buffer);
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            throw reason;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _explain is null ? WithReason(base.WriteAsync(buffer, cancellationToken))
            : WriteBeforeAnswerAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        ReportClosed();
        return base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        ReportClosed();
        base.Dispose(disposing);
    }

    private ValueTask<int> WithReason(ValueTask<int> read) =>
        read.IsCompletedSuccessfully && _endReason is null ? read : AwaitWithReason(read);

    private ValueTask WithReason(ValueTask write) => write.IsCompletedSuccessfully ? write : AwaitWithReason(write);

    // Pooled: a read that waits must not cost an allocation more than the platform's own.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitWithReason(ValueTask<int> read)
    {
        try
        {
            return Checked(await read.ConfigureAwait(false));
        }
        catch (Exception e) when (ReasonAfterAnswer(e) is { } reason)
        {
            throw reason;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitWithReason(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (Exception e) when (ReasonAfterAnswer(e) is { } reason)
        {
            throw reason;
        }
    }

    private async ValueTask<int> FirstReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // Of a connection that nobody has used yet, the pool makes another one when it ends.
        var (hasOutcome, isAhead) = (true, !_hasWritten && _firstRead is null);
        try
        {
            var read = await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);

            // Reading nothing only tells that there is something to read, which may be the end.
            hasOutcome = buffer.Length > 0;
            return read == 0 && isAhead ? Checked(read) : Judge(read, buffer.Length);
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            throw reason;
        }
        finally
        {
            if (hasOutcome)
            {
                _firstRead?.TrySetResult();
            }
        }
    }

    private async ValueTask WriteBeforeAnswerAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            _hasWritten = true;
            await base.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (_firstRead is { } answer)
            {
                // Canceled, it is written all the same: the time to connect does not cover the server's judgement.
                await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            throw reason;
        }
        catch (ObjectDisposedException) when (_refusal is not null)
        {
            throw _refusal;
        }

        if (_refusal is not null)
        {
            throw _refusal;
        }
    }

    /// <summary>What was read, unless it is the end of a connection that the server never answered.</summary>
    private int Judge(int read, int wanted)
    {
        if (read > 0 && !_isAnswered)
        {
            (_isAnswered, _explain) = (true, null);
            _observer?.Answered();
        }

        return Checked(read) == 0 && wanted > 0 && Refusal(null) is { } refusal ? throw refusal : read;
    }

    /// <summary>What was read, unless we have ended the connection meanwhile.</summary>
    private int Checked(int read) => _endReason is null ? read : throw new EndOfStreamException();

    /// <summary>
    /// The exception to throw instead of another one: we have ended the connection, or the server has refused it.
    /// </summary>
    private IOException? Reason(Exception exception) =>
        ReasonAfterAnswer(exception) ?? (exception is IOException e ? Refusal(e) : null);

    private IOException? ReasonAfterAnswer(Exception exception) => EndedByUs(exception) ?? Renegotiation(exception);

    private IOException? Renegotiation(Exception exception) =>
        exception is IOException e && _explainRenegotiation is not null && HandshakeFailures.IsRenegotiation(e)
            ? _refusal ??= _explainRenegotiation(e)
            : null;

    private IOException? EndedByUs(Exception exception) =>
        _endReason is { } reason && exception is IOException or ObjectDisposedException or OperationCanceledException
            ? new IOException(reason, exception) : null;

    /// <summary>The exception to throw instead of another one, or at the end, if it is a refusal.</summary>
    private IOException? Refusal(IOException? exception)
    {
        // Nothing was asked yet, or we are the ones who close: then it is none. A refusal that is known stays the
        // reason: who read it closes the stream, and a write that still lasts fails of that.
        if (_refusal is null && !_isDisposed && _explain is not null && (_hasWritten || _firstRead is not null))
        {
            _refusal = _explain(exception);
        }

        return _refusal;
    }

    private void ReportClosed()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _observer?.Closed();
        }
    }
}
