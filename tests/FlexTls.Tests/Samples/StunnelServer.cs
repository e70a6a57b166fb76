using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;

namespace FlexTls.Samples;

/// <summary>stunnel as a TLS server on a free port, before a service that speaks plain TCP and ends with it.</summary>
internal sealed class StunnelServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly Task _errors;

    private readonly DigestService _service;

    private StunnelServer(DirectoryInfo folder, Process process, Task errors, DigestService service) =>
        (_folder, _process, _errors, _service) = (folder, process, errors, service);

    public required int Port { get; init; }

    public static async Task<StunnelServer> StartAsync(X509Certificate2 certificate, DigestService service, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("flextls-");
        var port = FreePort();
        var pem = Path.Combine(folder.FullName, "server.pem");
        await File.WriteAllTextAsync(pem, certificate.ExportCertificatePem() + "\n" + certificate.KeyPem(), ct);
        var configuration = Path.Combine(folder.FullName, "stunnel.conf");
        await File.WriteAllTextAsync(configuration, $"""
            foreground = yes
            pid =
            [service]
            accept = 127.0.0.1:{port}
            connect = 127.0.0.1:{service.Port}
            cert = {pem}
            """, ct);
        var process = Process.Start(new ProcessStartInfo("stunnel", configuration) { RedirectStandardError = true })!;
        var isReady = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new StunnelServer(folder, process, ReadAsync(process.StandardError, isReady), service) { Port = port };
        await isReady.Task.WaitAsync(ct);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _errors;
        _process.Dispose();
        _folder.Delete(recursive: true);
        _service.Dispose();
    }

    private static async Task ReadAsync(StreamReader log, TaskCompletionSource isReady)
    {
        while (await log.ReadLineAsync() is { } line)
        {
            if (line.Contains("Configuration successful", StringComparison.Ordinal))
            {
                isReady.TrySetResult();
            }
        }

        isReady.TrySetException(new InvalidOperationException("stunnel has ended."));
    }

    /// <summary>stunnel cannot choose a port and say which.</summary>
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
