using System.Net.Sockets;

namespace FlexTls.Rotation;

/// <summary>A transport that throws when it is closed for the first time, as those of users may.</summary>
internal sealed class FailingToCloseStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private int _closings;

    protected override void Dispose(bool disposing)
    {
        // Counted before the pool can notice: it closes the stream as well.
        var isFirst = Interlocked.Increment(ref _closings) == 1;
        base.Dispose(disposing);
        if (disposing && isFirst)
        {
            throw new InvalidOperationException("The transport does not like to be closed.");
        }
    }
}
