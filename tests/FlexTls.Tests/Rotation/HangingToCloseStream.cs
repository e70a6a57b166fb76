using System.Net.Sockets;

namespace FlexTls.Rotation;

/// <summary>A transport that does not return when it is closed, until it is let go on.</summary>
internal sealed class HangingToCloseStream(Socket socket, ManualResetEventSlim goOn)
    : NetworkStream(socket, ownsSocket: true)
{
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            goOn.Wait();
        }

        base.Dispose(disposing);
    }
}
