using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FlexTls.Tool;

/// <summary>
/// A server that speaks before TLS begins: it sends and expects texts, one after the other, as often as somebody
/// connects. Texts begin with <c>&gt;</c> for what it sends, and with <c>&lt;</c> for what it must get.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public ScriptedServer(X509Certificate2 certificate, params string[] script)
    {
        _listener.Start();
        _serving = ServeAsync(certificate, script);
    }

    /// <summary>Those after it are closed at once.</summary>
    public int MostConnections { get; init; } = int.MaxValue;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(X509Certificate2 certificate, string[] script)
    {
        for (var connections = 1; ; connections++)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                if (connections > MostConnections)
                {
                    continue;
                }

                await SpeakAsync(client.GetStream(), certificate, script);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client is gone, or did not want this certificate.
            }
        }
    }

    private async Task SpeakAsync(NetworkStream transport, X509Certificate2 certificate, string[] script)
    {
        foreach (var step in script)
        {
            var bytes = Encoding.Latin1.GetBytes(step[1..]);
            if (step[0] == '>')
            {
                await transport.WriteAsync(bytes, _stop.Token);
                continue;
            }

            var got = new byte[bytes.Length];
            await transport.ReadExactlyAsync(got, _stop.Token);
            if (!got.AsSpan().SequenceEqual(bytes))
            {
                return;
            }
        }

        await using var stream = new SslStream(transport);
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate }, _stop.Token);
        await stream.CopyToAsync(Stream.Null, _stop.Token);
    }
}
