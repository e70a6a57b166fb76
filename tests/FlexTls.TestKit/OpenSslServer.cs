using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;

namespace FlexTls.TestKit;

/// <summary>
/// <c>openssl s_server</c> on a free port of the loopback address, and its own report of each connection. Key files
/// stand in a private folder that is deleted with the server.
/// </summary>
public sealed class OpenSslServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly Channel<OpenSslReport> _reports = Channel.CreateUnbounded<OpenSslReport>();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _current = new();
    private readonly Lock _lock = new();

    private OpenSslServer(DirectoryInfo folder, Process process) => (_folder, _process) = (folder, process);

    public int Port => _port.Task.Result;

    /// <summary>Starts a server.</summary>
    /// <param name="certificatePem">The server's certificate and what it sends with it.</param>
    /// <param name="keyPem">Its private key.</param>
    /// <param name="clientCAPem">The CA for client certificates, or <see langword="null"/>.</param>
    /// <param name="arguments">More arguments of s_server.</param>
    /// <param name="ct">Ends the wait for its port.</param>
    public static async Task<OpenSslServer> StartAsync(
        string certificatePem, string keyPem, string? clientCAPem, IEnumerable<string> arguments, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("flextls-");
        var chainPem = certificatePem[PemEncoding.Find(certificatePem).Location.End..].Trim();
        // One pipe for both outputs: over two, the lines of a verification can come after the report that they belong to.
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-c", "exec openssl \"$@\" 2>&1", "sh", "s_server", "-accept", "127.0.0.1:0",
            "-cert", await WriteAsync("server.pem", certificatePem), "-key", await WriteAsync("server.key", keyPem),
            .. chainPem.Length == 0 ? (string[])[] : ["-cert_chain", await WriteAsync("chain.pem", chainPem)],
            .. clientCAPem is null ? (string[])[] : ["-CAfile", await WriteAsync("ca.pem", clientCAPem), "-verify_return_error"], .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var process = new Process { StartInfo = start };
        var server = new OpenSslServer(folder, process);
        process.OutputDataReceived += (_, line) => server.Read(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        await server._port.Task.WaitAsync(ct);
        return server;

        async Task<string> WriteAsync(string name, string text)
        {
            var path = Path.Combine(folder.FullName, name);
            await File.WriteAllTextAsync(path, text, ct);
            return path;
        }
    }

    /// <summary>The server's report of the next connection.</summary>
    public async Task<OpenSslReport> NextAsync(CancellationToken ct = default) => await _reports.Reader.ReadAsync(ct);

    /// <summary>Sends a line to the client; a line of one letter may be a command of s_server.</summary>
    public async Task AnswerAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Read(string? line)
    {
        lock (_lock)
        {
            if (line is null)
            {
                _port.TrySetException(new InvalidOperationException($"openssl s_server ended: {_current}"));
                return;
            }

            const string Accept = "ACCEPT 127.0.0.1:";
            if (line.StartsWith(Accept, StringComparison.Ordinal))
            {
                _port.TrySetResult(int.Parse(line[Accept.Length..], CultureInfo.InvariantCulture));
                _current.Clear();
                return;
            }

            _current.AppendLine(line);

            // The last line of a good handshake's report; of a failed one, the line with OpenSSL's error code: it is no code of
            // TLS where the client closed before all was written.
            if (line.StartsWith("Secure Renegotiation", StringComparison.Ordinal) || line.Contains(":error:", StringComparison.Ordinal))
            {
                _reports.Writer.TryWrite(OpenSslReport.Parse(_current.ToString()));
                _current.Clear();
            }
        }
    }
}
