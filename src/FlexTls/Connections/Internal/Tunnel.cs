using FlexTls.Upstreams;
using FlexTls.Validation;

namespace FlexTls.Connections;

/// <summary>A transport to a proxy, over which the pool makes TLS to the upstream by itself.</summary>
internal sealed class Tunnel(Stream transport, string host, bool isNamed, TunnelChains chains) : Stream, IUpstreamConnection
{
    private volatile string? _endReason;
    private volatile bool _isClosed;

    public string Host => host;

    public bool IsNamed => isNamed;

    public IReadOnlyCollection<PresentedChain> Presented => chains.Of(host);

    public bool IsOpen => !_isClosed;

    public override bool CanRead => transport.CanRead;

    public override bool CanWrite => transport.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void End(string reason)
    {
        _endReason = reason;
        Dispose();
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Checked(transport.Read(buffer));
        }
        catch (Exception e) when (EndedByUs(e) is { } reason)
        {
            throw reason;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Checked(await transport.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (EndedByUs(e) is { } reason)
        {
            throw reason;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            transport.Write(buffer);
        }
        catch (Exception e) when (EndedByUs(e) is { } reason)
        {
            throw reason;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await transport.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (EndedByUs(e) is { } reason)
        {
            throw reason;
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => transport.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => transport.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _isClosed = true;
        transport.Dispose();
        base.Dispose(disposing);
    }

    // A read that waited when we ended the connection may find its end instead of a failure.
    private int Checked(int read) => read == 0 && _endReason is not null ? throw new EndOfStreamException() : read;

    private IOException? EndedByUs(Exception exception) =>
        _endReason is { } reason && exception is IOException or ObjectDisposedException ? new IOException(reason, exception) : null;
}
