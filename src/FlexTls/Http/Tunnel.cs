using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>
/// A transport to a proxy, over which the pool itself makes TLS to the upstream; or a transport without any TLS, to a
/// proxy or a server.
/// </summary>
internal sealed class Tunnel : EndableTransport
{
    public Tunnel(Stream transport, OpenTunnels.Connection connection)
        : base(transport)
    {
        Connection = connection;
        connection.Join(this);
    }

    // For a response that nobody disposes: the platform then frees the socket, and the tunnel must not count forever.
    ~Tunnel() => Dispose(disposing: false);

    private readonly ProxyAnswer _proxyAnswer = new();

    // Of the handshake that is under way.
    private HandshakeTrace? _trace;
    private bool _hasBegun;
    private volatile bool _awaitsServer;

    /// <summary>Whether what passes is between the pool and a proxy, which has not opened the tunnel yet.</summary>
    private bool IsBeforeTunnel => !_hasBegun && !Connection.IsPlain && !_proxyAnswer.IsOpened;

    /// <summary>This connection in the accounts of its generation.</summary>
    public OpenTunnels.Connection Connection { get; }

    /// <summary>The handshake of the pool's stream is complete.</summary>
    /// <returns>What was seen of it; <see langword="null"/>: nothing.</returns>
    public HandshakeTrace? EndHandshake()
    {
        var trace = _trace;
        _trace = null;
        return trace;
    }

    public override int Read(Span<byte> buffer)
    {
        if (TunnelSearch.Finds(this))
        {
            return 0;
        }

        _awaitsServer = _trace is not null;
        try
        {
            var read = ThrowIfEnded(base.Read(buffer));
            _trace?.Received(buffer[..read]);
            LookForRefusal(buffer[..read]);
            return read;
        }
        catch (Exception e) when (EndFailure(e) is { } reason)
        {
            throw reason;
        }
        finally
        {
            _awaitsServer = false;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (TunnelSearch.Finds(this))
        {
            return ValueTask.FromResult(0);
        }

        if (_trace is { } trace)
        {
            return TraceAsync(trace, buffer, cancellationToken);
        }

        try
        {
            var read = base.ReadAsync(buffer, cancellationToken);
            return IsBeforeTunnel ? LookForRefusalAsync(AwaitWithReason(read), buffer)
                : read.IsCompletedSuccessfully && EndReason is null ? read : AwaitWithReason(read);
        }
        catch (Exception e) when (EndFailure(e) is { } reason)
        {
            // A disposed transport throws from the call.
            return ValueTask.FromException<int>(reason);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Trace(buffer);
        try
        {
            base.Write(buffer);
        }
        catch (Exception e) when (EndFailure(e) is { } reason)
        {
            throw reason;
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Trace(buffer.Span);
        try
        {
            var write = base.WriteAsync(buffer, cancellationToken);
            return write.IsCompletedSuccessfully ? write : AwaitWithReason(write);
        }
        catch (Exception e) when (EndFailure(e) is { } reason)
        {
            return ValueTask.FromException(reason);
        }
    }

    public override ValueTask DisposeAsync()
    {
        // First of all, because closing the user's transport may hang.
        GC.SuppressFinalize(this);
        ReportClosed();
        return base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        ReportClosed();
        base.Dispose(disposing);
    }

    private void Trace(ReadOnlySpan<byte> sent)
    {
        if (!_hasBegun && !Connection.IsPlain && HandshakeTrace.BeginsHandshake(sent))
        {
            // What was sent before was for the proxy.
            (_trace, _hasBegun) = (Connection.IsHidden ? null : new HandshakeTrace(), true);
            Connection.Begin();
        }
        else if (IsBeforeTunnel)
        {
            _proxyAnswer.Asked();
            Connection.ProxyAsked();
        }

        _trace?.Sent(sent);
    }

    private async ValueTask<int> LookForRefusalAsync(ValueTask<int> read, Memory<byte> buffer)
    {
        var count = await read.ConfigureAwait(false);
        LookForRefusal(buffer.Span[..count]);
        return count;
    }

    private void LookForRefusal(ReadOnlySpan<byte> answer)
    {
        if (IsBeforeTunnel && _proxyAnswer.Refuses(answer))
        {
            Connection.ProxyRefused(_proxyAnswer.WantsCredentials);
        }
    }

    private void ReportClosed()
    {
        // A pool that cancels a handshake through an HTTP proxy closes the tunnel under its read.
        ReportIfGivenUp();
        Connection.Closed();
    }

    private void ReportIfGivenUp()
    {
        if (!_awaitsServer || EndReason is not null)
        {
            return;
        }

        try
        {
            Connection.GivenUp();
        }
        catch (Exception)
        {
            // A user's clock may throw. Nothing depends on what the status says, least of all this connection.
        }
    }

    private async ValueTask<int> TraceAsync(
        HandshakeTrace trace, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _awaitsServer = true;
        try
        {
            var read = ThrowIfEnded(await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
            trace.Received(buffer.Span[..read]);
            return read;
        }
        catch (Exception e) when (EndFailure(e) is { } reason)
        {
            throw reason;
        }
        catch (OperationCanceledException)
        {
            ReportIfGivenUp();
            throw;
        }
        finally
        {
            _awaitsServer = false;
        }
    }

    // Pooled: a read that waits must not allocate more than the transport itself does.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitWithReason(ValueTask<int> read)
    {
        try
        {
            return ThrowIfEnded(await read.ConfigureAwait(false));
        }
        catch (Exception e) when (EndFailure(e) is { } reason)
        {
            throw reason;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitWithReason(ValueTask write)
    {
        Connection.WriteWaits();
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (Exception e) when (EndFailure(e) is { } reason)
        {
            throw reason;
        }
        finally
        {
            Connection.WriteEnded();
        }
    }
}
