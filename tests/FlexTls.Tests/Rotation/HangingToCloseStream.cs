using System.Net.Sockets;

namespace FlexTls.Rotation;

/// <summary>A transport that does not return when it is closed, until it is let go on.</summary>
internal sealed class HangingToCloseStream(Socket socket, ManualResetEventSlim goOn)
    : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>Completed with the first write.</summary>
    public TaskCompletionSource Written { get; init; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Written.TrySetResult();
        return base.WriteAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            goOn.Wait();
        }

        base.Dispose(disposing);
    }
}
