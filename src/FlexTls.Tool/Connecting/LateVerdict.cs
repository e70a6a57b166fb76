using System.Net.Security;
using System.Security.Authentication;

namespace FlexTls;

/// <summary>A server of TLS 1.3 judges the client certificate only after the client's handshake.</summary>
internal static class LateVerdict
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    /// <summary>Why the server ends a new connection; <see langword="null"/>: it does not.</summary>
    public static async Task<Exception?> FindAsync(SslStream stream, CancellationToken cancellationToken)
    {
        if (stream.SslProtocol != SslProtocols.Tls13)
        {
            return null;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Wait);
        try
        {
            return await stream.ReadAsync(new byte[1], deadline.Token).ConfigureAwait(false) > 0 ? null
                : new IOException(
                    "the server closed the connection after the handshake, without an alert; it probably refuses the "
                    + "client certificate, or requires one");
        }
        catch (IOException e)
        {
            return e.InnerException as TlsHandshakeException ?? (Exception)e;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
