using System.Net.Sockets;

namespace FlexTls.Rotation;

/// <summary>A transport that throws when it is closed for the first time, as those of users may.</summary>
internal sealed class FailingToCloseStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private int _closings;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Interlocked.Increment(ref _closings) == 1)
        {
            throw new InvalidOperationException("The transport does not like to be closed.");
        }
    }
}
