using System.Net.Security;

namespace FlexTls.Contexts;

/// <summary>
/// A TLS 1.3 client has finished its handshake before the server judges the client certificate, so a refusal comes with
/// the first read (RFC 8446, section 4.4.2.4). This stream gives that refusal its reason. When the server has answered,
/// nothing stands between its user and the platform's stream.
/// </summary>
internal sealed class UpstreamStream(Stream transport) : SslStream(transport, leaveInnerStreamOpen: false)
{
    private Func<IOException, IOException>? _explain;
    private IConnectionObserver? _observer;
    private bool _holdsFirstWrite;
    private bool _isAnswered;
    private bool _isClosed;

    /// <summary>Reports what becomes of the connection.</summary>
    public void ReportTo(IConnectionObserver observer) => _observer = observer;

    /// <summary>From now to the first answer, a failure may be a late refusal.</summary>
    /// <param name="explain">Makes the exception that is thrown instead.</param>
    /// <param name="holdFirstWrite">
    /// Whether the first write is done only when the server has answered it. HTTP/2 clients wait for that answer anyway,
    /// and report what a write throws, but not what their first read throws.
    /// </param>
    public void ExpectLateRefusal(Func<IOException, IOException> explain, bool holdFirstWrite) =>
        (_explain, _holdsFirstWrite) = (explain, holdFirstWrite);

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Note(base.Read(buffer));
        }
        catch (IOException e) when (_explain is not null)
        {
            throw _explain(e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _isAnswered ? base.ReadAsync(buffer, cancellationToken) : FirstReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            base.Write(buffer);
        }
        catch (IOException e) when (_explain is not null)
        {
            throw _explain(e);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _explain is null ? base.WriteAsync(buffer, cancellationToken) : WriteBeforeAnswerAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        ReportClosed();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        ReportClosed();
    }

    private async ValueTask<int> FirstReadAsync(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            return Note(await base.ReadAsync(buffer, ct).ConfigureAwait(false));
        }
        catch (IOException e) when (_explain is { } explain)
        {
            throw explain(e);
        }
    }

    private async ValueTask WriteBeforeAnswerAsync(ReadOnlyMemory<byte> buffer, CancellationToken ct)
    {
        try
        {
            await base.WriteAsync(buffer, ct).ConfigureAwait(false);
            if (_holdsFirstWrite)
            {
                _holdsFirstWrite = false;

                // Reads nothing, and returns when there is something to read.
                await base.ReadAsync(Memory<byte>.Empty, ct).ConfigureAwait(false);
            }
        }
        catch (IOException e) when (_explain is { } explain)
        {
            throw explain(e);
        }
    }

    /// <summary>Reading nothing, or the end, is no answer.</summary>
    private int Note(int read)
    {
        if (read > 0 && !_isAnswered)
        {
            (_isAnswered, _explain) = (true, null);
            _observer?.Answered();
        }

        return read;
    }

    private void ReportClosed()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _observer?.Closed(_isAnswered);
        }
    }
}
