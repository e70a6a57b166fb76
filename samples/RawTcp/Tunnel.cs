using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using FlexTls;

namespace RawTcp;

/// <summary>
/// One connection of a client and its counterpart to the upstream. An upstream that closes without a close_notify looks to
/// .NET like one that has ended: a protocol that must know the difference has to tell its end by itself.
/// </summary>
internal sealed class Tunnel(OutboundTlsContext context, DnsEndPoint upstream, TextWriter log)
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Forwards until both sides have ended, or one of them breaks. Never throws for what a peer does.</summary>
    public async Task RunAsync(Socket client, CancellationToken abort)
    {
        await using var local = new NetworkStream(client, ownsSocket: true);
        try
        {
            client.NoDelay = true;
            await using var remote = await context.ConnectAsync(upstream, abort).ConfigureAwait(false);
            using var broken = CancellationTokenSource.CreateLinkedTokenSource(abort);

            // The end of one direction is passed on, and the other goes on: that is how many protocols say "that was my question".
            await Task.WhenAll(
                PumpAsync(local, remote, remote.ShutdownAsync, broken),
                PumpAsync(remote, local, EndAsync, broken)).ConfigureAwait(false);

            Task EndAsync()
            {
                client.Shutdown(SocketShutdown.Send);
                return Task.CompletedTask;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            // A reset and not an orderly end: what was forwarded before the connection broke must not pass for the whole.
            client.Close(timeout: 0);
            await log.WriteLineAsync($"closed: {e.Message}").ConfigureAwait(false);
        }
    }

    /// <summary>Copies one direction. The next bytes are read when the last ones are written, so a slow reader slows the writer.</summary>
    private static async Task PumpAsync(Stream from, Stream to, Func<Task> end, CancellationTokenSource broken)
    {
        try
        {
            await from.CopyToAsync(to, BufferSize, broken.Token).ConfigureAwait(false);
            await end().ConfigureAwait(false);
        }
        catch
        {
            // Half a connection is of no use: the other direction ends, too.
            await broken.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }
}
