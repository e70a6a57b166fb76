using System.Diagnostics;
using System.Net.Sockets;
using FlexTls.TestKit;

namespace FlexTls.Interop;

/// <summary>A server that was started, with its private folder and its log.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly ServerFolder _folder;
    private readonly Process _process;

    private RunningServer(ServerFolder folder, Process process, ServerLog log) => (_folder, _process, Log) = (folder, process, log);

    public ServerLog Log { get; }

    public int Port(ServerPort port) => _folder.Ports[port];

    public static async Task<RunningServer> StartAsync(InteropServer server, InteropPki pki, CancellationToken ct)
    {
        var folder = new ServerFolder(pki, FreePorts.TakeForEach());
        try
        {
            if (server.Prepare(folder) is { } prepare)
            {
                await ServerProcess.OutputAsync(prepare, ct);
            }

            var log = new ServerLog();
            var running = new RunningServer(folder, ServerProcess.Start(server.Command(folder), log), log);
            try
            {
                await running.ReadyAsync(server.IsReady(folder), ct);
                return running;
            }
            catch
            {
                await ServerProcess.StopAsync(running._process);
                throw;
            }
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>What another call of the server's programs says.</summary>
    public Task<string> ProbeAsync(Func<ServerFolder, ServerCommand> probe, CancellationToken ct) => ServerProcess.OutputAsync(probe(_folder), ct);

    public async ValueTask DisposeAsync()
    {
        await ServerProcess.StopAsync(_process);
        _folder.Dispose();
    }

    private async Task ReadyAsync(Func<string, bool>? isReady, CancellationToken ct)
    {
        if (isReady is not null)
        {
            await Log.WaitAsync(0, isReady, ct);
            return;
        }

        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        foreach (var port in _folder.Ports.Values)
        {
            while (!await AnswersAsync(port, ct))
            {
                if (_process.HasExited || ct.IsCancellationRequested)
                {
                    throw new InvalidOperationException($"The server does not open port {port}: {Log.Since(0)}");
                }

                await beat.WaitForNextTickAsync(CancellationToken.None);
            }
        }
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken ct)
    {
        try
        {
            await using var connection = await Loopback.ConnectAsync(port, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
