using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace FlexTls.Samples;

/// <summary>A plain TCP service that answers when its caller has ended: with the SHA-256 of all that was sent.</summary>
internal sealed class DigestService : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _hasBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _rounds;

    /// <param name="rounds">How often it hashes what it reads: more makes it slower than who sends.</param>
    public DigestService(int rounds = 1)
    {
        _rounds = rounds;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Ends when the first bytes are there.</summary>
    public Task HasBegun => _hasBegun.Task;

    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (SocketException)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[64 * 1024];
            for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
            {
                _hasBegun.TrySetResult();
                hash.AppendData(buffer, 0, read);
                for (var round = 1; round < _rounds; round++)
                {
                    SHA512.HashData(buffer);
                }
            }

            await stream.WriteAsync(hash.GetHashAndReset());
        }
    }
}
