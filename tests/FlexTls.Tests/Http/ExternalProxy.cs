using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using FlexTls.Support;
using FlexTls.TestKit;

namespace FlexTls.Http;

/// <summary>
/// A proxy that people run, on a free port of the loopback address. Its configuration stands in a folder of its own that
/// is deleted with it.
/// </summary>
internal sealed class ExternalProxy : IAsyncDisposable
{
    private const int MostAttempts = 5;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly string _name = $"flextls{Guid.NewGuid():N}"[..32];
    private readonly Process _process;
    private int _openOutputs = 2;

    private ExternalProxy(string scheme, int port, Func<ExternalProxy, ProcessStartInfo> start)
    {
        Address = new Uri($"{scheme}://127.0.0.1:{port}");
        _process = new Process { StartInfo = start(this) };
        _process.StartInfo.RedirectStandardOutput = _process.StartInfo.RedirectStandardError = true;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    private string AccessLog => Path.Combine(_folder.FullName, "access.log");

    /// <summary>tinyproxy, which speaks plain HTTP and CONNECT, or microsocks, which speaks SOCKS5.</summary>
    public static async Task<ExternalProxy> StartAsync(string program, CancellationToken ct)
    {
        if (program == "microsocks")
        {
            ExternalTool.Require("microsocks", "-h");
            return await StartAsync("socks5", proxy => new ProcessStartInfo("microsocks", ["-i", "127.0.0.1", "-p", $"{proxy.Address.Port}"]), null, ct);
        }

        ExternalTool.Require("tinyproxy", "-v");
        return await StartAsync("http", proxy => new ProcessStartInfo("tinyproxy", ["-d", "-c", proxy.Write("tinyproxy.conf",
            $"Port {proxy.Address.Port}\nListen 127.0.0.1\nTimeout 30\nMaxClients 100\nAllow 127.0.0.1\nLogLevel Info\n")]), "Accepting connections", ct);
    }

    /// <summary>squid behind an <c>https_port</c>, which asks its clients for a certificate and writes its subject down.</summary>
    public static Task<ExternalProxy> StartSquidAsync(X509Certificate2 certificate, string clientCAPem, CancellationToken ct)
    {
        ExternalTool.Require("squid", "-v");
        return StartAsync("https", proxy => new ProcessStartInfo("squid", ["-N", "-d", "1", "-n", proxy._name, "-f", proxy.Write("squid.conf", $"""
            https_port 127.0.0.1:{proxy.Address.Port} tls-cert={proxy.Write("server.pem", certificate.ExportCertificatePem())} tls-key={proxy.Write("server.key", certificate.KeyPem())} clientca={proxy.Write("ca.pem", clientCAPem)} sslflags=CONDITIONAL_AUTH
            http_access allow localhost
            http_access deny all
            logformat flextls %rm %ru %ssl::>cert_subject
            access_log stdio:{proxy.AccessLog} logformat=flextls
            cache_log {Path.Combine(proxy._folder.FullName, "cache.log")}
            pid_filename none
            pinger_enable off
            shutdown_lifetime 0 seconds
            cache deny all
            coredump_dir {proxy._folder.FullName}

            """)]), "Accepting HTTPS Socket connections", ct);
    }

    /// <summary>The first line, of those that nobody has read yet, with this text.</summary>
    public async Task<string> LineAsync(string text, CancellationToken ct)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(ct))
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The proxy ended and never said '{text}'.");
    }

    /// <summary>Ends squid in good order and reads what it has written down: a line for every request.</summary>
    public async Task<IReadOnlyList<string>> StopAndReadAccessLogAsync(CancellationToken ct)
    {
        using (var term = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
            await term.WaitForExitAsync(ct);
        }

        await _process.WaitForExitAsync(ct);
        return await File.ReadAllLinesAsync(AccessLog, ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);

        // squid's shared memory, which outlives a process that is killed.
        foreach (var segment in Directory.Exists("/dev/shm") ? Directory.EnumerateFiles("/dev/shm", $"{_name}-*") : [])
        {
            File.Delete(segment);
        }
    }

    private static async Task<ExternalProxy> StartAsync(string scheme, Func<ExternalProxy, ProcessStartInfo> start, string? readyLine, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var proxy = new ExternalProxy(scheme, FreePort(), start);
            try
            {
                await (readyLine is null ? proxy.ConnectAsync(ct) : proxy.LineAsync(readyLine, ct));
                return proxy;
            }
            catch (InvalidOperationException) when (attempt < MostAttempts)
            {
                // Somebody else took the port meanwhile.
                await proxy.DisposeAsync();
            }
            catch
            {
                await proxy.DisposeAsync();
                throw;
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits for a proxy that does not say when it is ready.</summary>
    private async Task ConnectAsync(CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            if (_process.HasExited)
            {
                throw new InvalidOperationException("The proxy ended.");
            }

            try
            {
                await using var connection = await Loopback.ConnectAsync(Address.Port, ct);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), ct);
            }
        }
    }

    private string Write(string name, string text)
    {
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            // squid gives its privileges up, and then must still read and write here.
            _folder.UnixFileMode = (UnixFileMode)0b111_111_111;
        }

        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private void Read(string? line)
    {
        if (line is not null)
        {
            _lines.Writer.TryWrite(line);
        }
        else if (Interlocked.Decrement(ref _openOutputs) == 0)
        {
            _lines.Writer.TryComplete();
        }
    }
}
