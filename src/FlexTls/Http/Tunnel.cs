using System.Net.Security;
using System.Runtime.CompilerServices;
using FlexTls.Handshakes;

namespace FlexTls.Http;

/// <summary>
/// A transport to a proxy, over which the pool itself makes TLS to the upstream; or a transport without any TLS, to a
/// proxy or a server.
/// </summary>
internal sealed class Tunnel : Stream
{
    [ThreadStatic]
    private static bool _isSought;

    [ThreadStatic]
    private static Tunnel? _found;

    private readonly EndableTransport _transport;

    public Tunnel(Stream transport, OpenTunnels.Connection connection)
    {
        (_transport, Connection) = (new EndableTransport(transport), connection);
        connection.Join(_transport);
    }

    // For a response that nobody disposes: the platform then frees the socket, and the tunnel must not count forever.
    ~Tunnel() => Dispose(disposing: false);

    /// <summary>Represents it in its generation.</summary>
    public OpenTunnels.Connection Connection { get; }

    public override bool CanRead => _transport.CanRead;

    public override bool CanWrite => _transport.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

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

    public override int Read(Span<byte> buffer)
    {
        if (IsFound())
        {
            return 0;
        }

        try
        {
            return Checked(_transport.Read(buffer));
        }
        catch (Exception e) when (EndedByUs(e) is { } reason)
        {
            throw reason;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (IsFound())
        {
            return ValueTask.FromResult(0);
        }

        try
        {
            var read = _transport.ReadAsync(buffer, cancellationToken);
            return read.IsCompletedSuccessfully && Connection.EndReason is null ? read : AwaitWithReason(read);
        }
        catch (Exception e) when (EndedByUs(e) is { } reason)
        {
            // A disposed transport throws from the call.
            return ValueTask.FromException<int>(reason);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _transport.Write(buffer);
        }
        catch (Exception e) when (EndedByUs(e) is { } reason)
        {
            throw reason;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var write = _transport.WriteAsync(buffer, cancellationToken);
            return write.IsCompletedSuccessfully ? write : AwaitWithReason(write);
        }
        catch (Exception e) when (EndedByUs(e) is { } reason)
        {
            return ValueTask.FromException(reason);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => _transport.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => _transport.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Connection.Closed();
        if (disposing)
        {
            _transport.Dispose();
        }

        base.Dispose(disposing);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_InnerStream")]
    private static extern Stream InnerStream(AuthenticatedStream stream);

    private bool IsFound()
    {
        if (_isSought)
        {
            _found = this;
        }

        return _isSought;
    }

    // Pooled: a read that waits must not allocate more than the transport itself does.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitWithReason(ValueTask<int> read)
    {
        try
        {
            return Checked(await read.ConfigureAwait(false));
        }
        catch (Exception e) when (EndedByUs(e) is { } reason)
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
        catch (Exception e) when (EndedByUs(e) is { } reason)
        {
            throw reason;
        }
    }

    /// <summary>The result of a read, unless we have ended the connection meanwhile.</summary>
    private int Checked(int read) => Connection.EndReason is null ? read : throw new EndOfStreamException();

    private IOException? EndedByUs(Exception exception) =>
        Connection.EndReason is { } reason
            && exception is IOException or ObjectDisposedException or OperationCanceledException
            ? new IOException(reason, exception) : null;
}
