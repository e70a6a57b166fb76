using System.Net.Security;
using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>
/// A TLS 1.3 client finishes its handshake before the server judges the client certificate, so a refusal arrives with
/// the first read (RFC 8446, section 4.4.2.4). This stream adds the reason to such a refusal, and to the end of a
/// connection that FlexTls closes itself.
/// </summary>
internal sealed class UpstreamStream(EndableTransport transport) : SslStream(transport, leaveInnerStreamOpen: false)
{
    private const TaskCreationOptions FirstRead = TaskCreationOptions.RunContinuationsAsynchronously;

    // The first frame of an HTTP/2 server is SETTINGS (RFC 9113, section 3.4), but some send it only with an answer.
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(2);

    private Func<IOException?, IOException?>? _explain;
    private Func<IOException, IOException>? _explainRenegotiation;
    private IConnectionObserver? _observer;
    private TaskCompletionSource? _firstRead;
    private IOException? _refusal;
    private bool _hasWritten, _mayReadFirst, _isAnswered, _isDisposed;

    // For a response that is never disposed: the platform then frees its socket, and it must not be counted forever.
    ~UpstreamStream() => ReportClosed();

    /// <summary>What is known of the handshake.</summary>
    public HandshakeOutcome Outcome { get; set; } = HandshakeOutcome.None;

    /// <summary>Sets the observer of the connection.</summary>
    public void ReportTo(IConnectionObserver observer) => _observer = observer;

    /// <summary>From now until the first answer, a failure may be a late refusal.</summary>
    /// <param name="explain">
    /// Creates the exception to throw instead of the transport's, or, for <see langword="null"/>, at the end of the
    /// stream; returns <see langword="null"/> if it is not a refusal.
    /// </param>
    /// <param name="holdFirstWrite">
    /// Whether the first write completes only with the first read, or after two seconds. The platform's HTTP/2 client
    /// reads before it writes, and reports exceptions of a write, but not of its first read. The cost is a round trip
    /// for the first request; a refusal that comes later may be reported without its reason.
    /// </param>
    /// <param name="mayReadFirst">
    /// Whether a failure before the first write may be one, too: in many protocols the server speaks first. HTTP's
    /// connection pool reads ahead on connections that it may never use.
    /// </param>
    public void ExpectLateRefusal(
        Func<IOException?, IOException?> explain, bool holdFirstWrite, bool mayReadFirst = false) =>
        (_explain, _firstRead, _mayReadFirst) = (explain, holdFirstWrite ? new(FirstRead) : null, mayReadFirst);

    /// <summary>Explains the failure if a TLS 1.2 server asks for renegotiation, which it may do at any time.</summary>
    /// <param name="explain">Creates the exception to throw instead of the platform's.</param>
    public void ExpectRenegotiation(Func<IOException, IOException> explain) => _explainRenegotiation = explain;

    /// <summary>Ends the connection from the client side. Pending calls fail with this reason.</summary>
    public void End(string reason)
    {
        ReportClosed();
        transport.End(reason);
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
        read.IsCompletedSuccessfully && transport.EndReason is null ? read : AwaitWithReason(read);

    private ValueTask WithReason(ValueTask write) => write.IsCompletedSuccessfully ? write : AwaitWithReason(write);

    // Pooled: a waiting read must cost no more allocations than the platform's own.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitWithReason(ValueTask<int> read)
    {
        try
        {
            return transport.ThrowIfEnded(await read.ConfigureAwait(false));
        }
        catch (Exception e) when (ReasonAfterAnswer(e) is { } reason)
        {
            throw reason;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitWithReason(ValueTask write)
    {
        _observer?.WriteWaits();
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (Exception e) when (ReasonAfterAnswer(e) is { } reason)
        {
            throw reason;
        }
        finally
        {
            _observer?.WriteEnded();
        }
    }

    private async ValueTask<int> FirstReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var hasOutcome = true;
        try
        {
            var read = await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);

            // A zero-byte read only shows that there is something to read, which may be the end.
            hasOutcome = buffer.Length > 0;
            return Judge(read, buffer.Length);
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
        _observer?.WriteWaits();
        try
        {
            _hasWritten = true;
            await base.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (_firstRead is { } answer)
            {
                // Cancellation ends only this wait: the connect timeout does not cover the server's verdict.
                await answer.Task.WaitAsync(LongestHold, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!cancellationToken.IsCancellationRequested)
                {
                    // The server has spoken, or the time is up: later writes do not wait.
                    answer.TrySetResult();
                }
            }
        }
        catch (Exception e) when ((Reason(e) ?? (e is ObjectDisposedException ? _refusal : null)) is { } reason)
        {
            throw reason;
        }
        finally
        {
            _observer?.WriteEnded();
        }

        if (_refusal is not null)
        {
            throw _refusal;
        }
    }

    /// <summary>The number of bytes read, unless the server ended the connection without ever answering.</summary>
    private int Judge(int read, int wanted)
    {
        if (read > 0 && !_isAnswered)
        {
            (_isAnswered, _explain) = (true, null);
            _observer?.Answered();
        }

        return transport.ThrowIfEnded(read) == 0 && wanted > 0 && Refusal(null) is { } refusal ? throw refusal : read;
    }

    /// <summary>The exception to throw instead: FlexTls has ended the connection, or the server refused it.</summary>
    private IOException? Reason(Exception exception) =>
        ReasonAfterAnswer(exception) ?? (exception is IOException e ? Refusal(e) : null);

    private IOException? ReasonAfterAnswer(Exception exception) => transport.EndFailure(exception)
        ?? (exception is IOException e && _explainRenegotiation is not null && HandshakeFailures.IsRenegotiation(e)
            ? _refusal ??= _explainRenegotiation(e)
            : null);

    /// <summary>The exception to throw instead of another, or at the end, if it is a refusal.</summary>
    private IOException? Refusal(IOException? exception)
    {
        // Before HTTP's first request, or when this side closes, there is none; a pool begins to read before it writes.
        // A known refusal stays the reason: its reader closes the stream, and a pending write then fails.
        var isAwaited = !_isDisposed && (_hasWritten || _mayReadFirst || _firstRead is not null);
        return _refusal ??= isAwaited ? _explain?.Invoke(exception) : null;
    }

    private void ReportClosed()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            _observer?.Closed();
        }
    }
}
