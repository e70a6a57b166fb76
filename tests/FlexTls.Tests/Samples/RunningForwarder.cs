using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FlexTls.Support;

namespace FlexTls.Samples;

/// <summary>The sample RawTcp, running on a free port in front of an upstream on this machine.</summary>
internal sealed class RunningForwarder : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private RunningForwarder(DirectoryInfo folder, Process process, IPEndPoint endPoint)
    {
        (_folder, _process, EndPoint) = (folder, process, endPoint);
        _errors = process.StandardError.ReadToEndAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The most memory that the process has held so far, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <param name="upstreamPort">The port of the upstream on localhost.</param>
    /// <param name="trustedCA">The CA in its policy.</param>
    /// <param name="ct">Ends the wait for the sample.</param>
    public static async Task<RunningForwarder> StartAsync(int upstreamPort, string trustedCA, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("flextls-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "ca.pem"), trustedCA, ct);
        var policy = Path.Combine(folder.FullName, "policy.yaml");
        await File.WriteAllTextAsync(policy, """
            apiVersion: gateway.mulesoft.com/v1alpha1
            kind: PolicyBinding
            metadata: { name: db }
            spec:
              targetRef: { kind: Service, name: db }
              policyRef: { name: tls-outbound }
              config: { trustedCA: "file:ca.pem", alpn: [] }
            """, ct);
        var process = SampleProcess.Start("RawTcp", "127.0.0.1:0", $"localhost:{upstreamPort}", policy);
        var line = await process.StandardOutput.ReadLineAsync(ct) ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(ct));
        return new RunningForwarder(folder, process, IPEndPoint.Parse(line.Split(' ', ',')[2]));
    }

    public async Task<Socket> ConnectAsync(CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(EndPoint, ct);
        return socket;
    }

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", $"{_process.Id}"]).WaitForExit();

    /// <summary>Waits for its end: exit code, the rest of its output, its errors.</summary>
    public async Task<ProcessResult> EndAsync(CancellationToken ct)
    {
        var output = await _process.StandardOutput.ReadToEndAsync(ct);
        await _process.WaitForExitAsync(ct);
        return new ProcessResult(_process.ExitCode, output, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
