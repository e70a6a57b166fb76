using System.Net.Security;
using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>
/// A transport to a proxy, over which the pool itself makes TLS to the upstream; or a transport without any TLS, to a
/// proxy or a server.
/// </summary>
internal sealed class Tunnel : EndableTransport
{
    [ThreadStatic]
    private static bool _isSought;

    [ThreadStatic]
    private static Tunnel? _found;

    public Tunnel(Stream transport, OpenTunnels.Connection connection)
        : base(transport)
    {
        Connection = connection;
        connection.Join(this);
    }

    // For a response that nobody disposes: the platform then frees the socket, and the tunnel must not count forever.
    ~Tunnel() => Dispose(disposing: false);

    // The pool's stream, until it is known what its handshake has negotiated.
    private SslStream? _authenticating;

    private HandshakeTrace? _trace;
    private bool _hasBegun;

    /// <summary>This connection in the accounts of its generation.</summary>
    public OpenTunnels.Connection Connection { get; }

    /// <summary>
    /// The tunnel under one of the pool's streams; <see langword="null"/>: unknown. Called during the handshake, when
    /// nothing is being read.
    /// </summary>
    /// <remarks>
    /// Between the two is a stream of the pool that cannot be inspected. Therefore this reads nothing, zero bytes,
    /// through it on this thread, and the tunnel that receives the read identifies itself.
    /// </remarks>
    public static Tunnel? Under(SslStream stream)
    {
        _isSought = true;
        try
        {
            _ = InnerStream(stream).Read([]);
            return _found;
        }
        catch (Exception)
        {
            return null;
        }
        finally
        {
            (_isSought, _found) = (false, null);
        }
    }

    /// <summary>Reports what was negotiated when the pool's stream first writes after its handshake.</summary>
    public void AwaitHandshake(SslStream stream) => _authenticating = stream;

    public override int Read(Span<byte> buffer)
    {
        if (IsFound())
        {
            return 0;
        }

        try
        {
            var read = ThrowIfEnded(base.Read(buffer));
            _trace?.Received(buffer[..read]);
            return read;
        }
        catch (Exception e) when (EndFailure(e) is { } reason)
        {
            throw reason;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (IsFound())
        {
            return ValueTask.FromResult(0);
        }

        try
        {
            var read = base.ReadAsync(buffer, cancellationToken);
            read = read.IsCompletedSuccessfully && EndReason is null ? read : AwaitWithReason(read);
            return _trace is { HasReceivedAll: false } trace ? TraceAsync(trace, read, buffer) : read;
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
        Connection.Closed();
        return base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        Connection.Closed();
        base.Dispose(disposing);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerStream")]
    private static extern Stream InnerStream(AuthenticatedStream stream);

    private void Trace(ReadOnlySpan<byte> sent)
    {
        ReportHandshake();
        if (!_hasBegun && !Connection.IsPlain && HandshakeTrace.BeginsHandshake(sent))
        {
            // What was sent before was for the proxy.
            (_trace, _hasBegun) = (new HandshakeTrace(), true);
        }

        _trace?.Sent(sent);
    }

    private void ReportHandshake()
    {
        if (_authenticating is not { IsAuthenticated: true } stream)
        {
            return;
        }

        var trace = _trace;
        (_authenticating, _trace) = (null, null);
        try
        {
            Connection.Authenticated(stream, trace);
        }
        catch (Exception)
        {
            // A user's clock may throw. Nothing depends on what the status says, least of all this request.
        }
    }

    private bool IsFound()
    {
        if (_isSought)
        {
            _found = this;
        }

        return _isSought;
    }

    private static async ValueTask<int> TraceAsync(HandshakeTrace trace, ValueTask<int> reading, Memory<byte> buffer)
    {
        var read = await reading.ConfigureAwait(false);
        trace.Received(buffer.Span[..read]);
        return read;
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
