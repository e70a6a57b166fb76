using System.Net.Sockets;
using System.Security.Cryptography;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Samples;

/// <summary>The sample RawTcp does what stunnel does as a client, against servers that are not ours.</summary>
public class RawTcpTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task OpenSsl_GetsTheTlsOfThePolicy_AndItsAnswersComeBack()
    {
        ExternalTool.RequireOpenSsl();
        await using var upstream = await OpenSslServer.StartAsync(Pki.EcServer.ExportCertificatePem(), Pki.EcServer.KeyPem(), null, ["-rev", "-alpn", "h2"], Deadline.Token());
        await using var forwarder = await RunningForwarder.StartAsync(upstream.Port, Pki.Root.Pem, Deadline.Token());
        using var client = await forwarder.ConnectAsync(Deadline.Token());

        await client.SendAsync("drawer\n"u8.ToArray(), Deadline.Token());
        var answer = new byte[7];
        await ReadAsync(client, answer);

        Assert.Equal("reward\n"u8.ToArray(), answer);
    }

    [Fact]
    public async Task ManyConnections_EachEndsItsHalfAndGetsItsAnswer()
    {
        await using var stunnel = await StunnelAsync(new DigestService());
        await using var forwarder = await RunningForwarder.StartAsync(stunnel.Port, Pki.Root.Pem, Deadline.Token());

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var client = await forwarder.ConnectAsync(Deadline.Token());
            var sent = new byte[MiB];
            new Random(i).NextBytes(sent);
            await new NetworkStream(client).WriteAsync(sent, Deadline.Token());
            client.Shutdown(SocketShutdown.Send);

            Assert.Equal(SHA256.HashData(sent), await ReadToEndAsync(client));
        }));
    }

    [Fact]
    public async Task ASlowUpstream_SlowsTheSender_AndFillsNoMemory()
    {
        const int Blocks = 128;
        await using var stunnel = await StunnelAsync(new DigestService(rounds: 4));
        await using var forwarder = await RunningForwarder.StartAsync(stunnel.Port, Pki.Root.Pem, Deadline.Token());
        using var client = await forwarder.ConnectAsync(Deadline.Token());
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = RandomNumberGenerator.GetBytes(MiB);

        var stream = new NetworkStream(client);
        for (var i = 0; i < Blocks; i++)
        {
            hash.AppendData(block);
            await stream.WriteAsync(block, Deadline.Token());
        }

        client.Shutdown(SocketShutdown.Send);

        Assert.Equal(hash.GetHashAndReset(), await ReadToEndAsync(client));
        Assert.InRange(forwarder.PeakMemory, 1, Blocks * MiB);
    }

    [Fact]
    public async Task ARefusedUpstream_ResetsTheClient_AndTheReasonIsLogged()
    {
        await using var stunnel = await StunnelAsync(new DigestService());
        await using var forwarder = await RunningForwarder.StartAsync(stunnel.Port, Pki.Foreign.Pem, Deadline.Token());
        using var client = await forwarder.ConnectAsync(Deadline.Token());

        var reset = await Assert.ThrowsAsync<SocketException>(() => ReadToEndAsync(client));
        forwarder.Terminate();
        var ended = await forwarder.EndAsync(Deadline.Token());

        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        Assert.Contains("FTLS5003", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStop_EndsAccepting_AndLetsOpenConnectionsFinish()
    {
        var service = new DigestService();
        await using var stunnel = await StunnelAsync(service);
        await using var forwarder = await RunningForwarder.StartAsync(stunnel.Port, Pki.Root.Pem, Deadline.Token());
        using var client = await forwarder.ConnectAsync(Deadline.Token());
        await client.SendAsync("half"u8.ToArray(), Deadline.Token());
        await service.HasBegun.WaitAsync(Deadline.Token());

        forwarder.Terminate();
        await RefusedAsync(forwarder);
        client.Shutdown(SocketShutdown.Send);

        Assert.Equal(SHA256.HashData("half"u8), await ReadToEndAsync(client));
        var ended = await forwarder.EndAsync(Deadline.Token());
        Assert.Equal((0, "stopped"), (ended.ExitCode, ended.Output.Trim()));
    }

    [Fact]
    public async Task BadArguments_ShowTheUsage()
    {
        using var sample = SampleProcess.Start("RawTcp", "127.0.0.1", "db");

        Assert.Contains("usage: RawTcp LISTEN UPSTREAM POLICY", await sample.StandardError.ReadToEndAsync(Deadline.Token()), StringComparison.Ordinal);
        await sample.WaitForExitAsync(Deadline.Token());
        Assert.Equal(2, sample.ExitCode);
    }

    private static async Task<StunnelServer> StunnelAsync(DigestService service)
    {
        ExternalTool.Require("stunnel", "-version");
        return await StunnelServer.StartAsync(Pki.EcServer, service, Deadline.Token());
    }

    /// <summary>Whether new clients are turned away is known when one is: the signal takes a moment.</summary>
    private static async Task RefusedAsync(RunningForwarder forwarder)
    {
        while (true)
        {
            try
            {
                using var late = await forwarder.ConnectAsync(Deadline.Token());
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // Connected, and not accepted any more.
                continue;
            }
        }
    }

    private static async Task ReadAsync(Socket client, byte[] answer)
    {
        using var stream = new NetworkStream(client);
        await stream.ReadExactlyAsync(answer, Deadline.Token());
    }

    private static async Task<byte[]> ReadToEndAsync(Socket client)
    {
        using var answer = new MemoryStream();
        var buffer = new byte[1024];
        for (int read; (read = await client.ReceiveAsync(buffer, Deadline.Token())) > 0;)
        {
            answer.Write(buffer, 0, read);
        }

        return answer.ToArray();
    }
}
