using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace FlexTls;

/// <summary>
/// One connection under a policy, step by step. Before it, a look at the server without the policy: it shows the
/// certificates also of a server that is refused, and whether a late refusal must be waited for.
/// </summary>
internal static class PolicyConnection
{
    public static async Task<ConnectionResult> MakeAsync(
        OutboundTlsContext context, IPAddress address, ServerAddress server, CancellationToken cancellationToken)
    {
        var result = new ConnectionResult(address)
        {
            Look = await LookAsync(context, address, server, cancellationToken).ConfigureAwait(false),
        };
        SslStream? stream = null;
        try
        {
            var watch = Stopwatch.StartNew();
            var transport = await Transport.ConnectAsync(address, server.Port, cancellationToken).ConfigureAwait(false);
            result = result.WithPhase("TCP", watch.Elapsed);
            if (server.Protocol != PlainProtocol.None)
            {
                watch.Restart();
                await BeginTlsAsync(server, transport, cancellationToken).ConfigureAwait(false);
                result = result.WithPhase("plain text", watch.Elapsed);
            }

            watch.Restart();
            await Transport.WithinAsync(
                async token => stream = await context.AuthenticateAsClientAsync(
                    transport, server.Host, cancellationToken: token).ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            return result.WithPhase("TLS", watch.Elapsed) with
            {
                Failure = result.Look is { AsksForCertificate: true }
                    ? await LateVerdict.FindAsync(stream!, cancellationToken).ConfigureAwait(false) : null,
            };
        }
        catch (Exception e) when (e is TlsHandshakeException or TimeoutException or IOException or SocketException)
        {
            // A deadline inside the handshake has its reason further in.
            return result with
            {
                Failure = (e as TimeoutException)?.InnerException?.InnerException as TlsHandshakeException ?? e,
            };
        }
        finally
        {
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task BeginTlsAsync(
        ServerAddress server, NetworkStream transport, CancellationToken cancellationToken)
    {
        try
        {
            await Transport.WithinAsync(
                token => StartTls.BeginAsync(server.Protocol, transport, token), cancellationToken)
                .ConfigureAwait(false);
        }
        catch
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<ServerLook?> LookAsync(
        OutboundTlsContext context, IPAddress address, ServerAddress server, CancellationToken cancellationToken)
    {
        try
        {
            return await ServerLook.AtAsync(
                address, server, Offers.Unvalidated(context.Policy), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or SocketException)
        {
            // The connection under the policy gives the reason.
            return null;
        }
    }
}
