using System.IO.Pipelines;

namespace FlexTls.Rotation;

/// <summary>
/// A filter over a connection, as users write them: what arrives is read in the background, and reading waits for it,
/// even reading nothing.
/// </summary>
internal sealed class PipedStream : Stream
{
    private readonly Stream _inner;
    private readonly Stream _arrived;

    public PipedStream(Stream inner)
    {
        var pipe = new Pipe();
        (_inner, _arrived) = (inner, pipe.Reader.AsStream());
        _ = Task.Run(async () =>
        {
            try
            {
                await inner.CopyToAsync(pipe.Writer);
                await pipe.Writer.CompleteAsync();
            }
            catch (Exception e)
            {
                await pipe.Writer.CompleteAsync(e);
            }
        });
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => _arrived.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _arrived.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => _inner.Write(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _inner.WriteAsync(buffer, cancellationToken);

    public override void Flush() => _inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _inner.Dispose();
        base.Dispose(disposing);
    }
}
