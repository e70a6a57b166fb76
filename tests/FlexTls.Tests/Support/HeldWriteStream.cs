using System.Net.Sockets;

namespace FlexTls.Support;

/// <summary>
/// A connection on which one write lasts until the stream is closed, and then fails. What is read after the write before
/// it is given only then.
/// </summary>
internal sealed class HeldWriteStream(Socket socket, int held) : NetworkStream(socket, ownsSocket: true)
{
    private readonly TaskCompletionSource _isHeld = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _isClosed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writes;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _writes) >= held - 1)
        {
            await _isHeld.Task.WaitAsync(cancellationToken);
        }

        return await base.ReadAsync(buffer, cancellationToken);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Increment(ref _writes) == held)
        {
            _isHeld.TrySetResult();
            await _isClosed.Task.WaitAsync(cancellationToken);
            throw new IOException("The connection was closed.");
        }

        await base.WriteAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _isClosed.TrySetResult();
    }
}
