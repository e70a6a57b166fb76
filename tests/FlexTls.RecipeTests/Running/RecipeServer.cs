using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using FlexTls.Interop;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Recipes;

/// <summary>A real server, started for the tests of a class where it is installed, and ended with them.</summary>
public abstract class RecipeServer : IAsyncLifetime
{
    private protected const string Nobody = "nobody";
    private protected const string NoGroup = "nogroup";

    // Mode 700: a key lies in it.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-recipe-");
    private Process? _process;
    private bool _isDisposed;

    /// <summary>The name that its certificate is for.</summary>
    public static string Host => "localhost";

    public int Port { get; } = FreePorts.Take();

    internal ServerLog Log { get; } = new();

    /// <summary>The program that must be there.</summary>
    private protected abstract string Program { get; }

    private protected string Folder => _folder.FullName;

    private protected bool IsInstalled => OperatingSystem.IsLinux() && ServerProcess.Find(Program) is not null;

    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled)
        {
            return;
        }

        // A deadline of its own: a fixture belongs to no test.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            WriteCertificates();
            await PrepareAsync(patience.Token);
            _process = ServerProcess.Start(Command(), Log);
            await ReadyAsync(patience.Token);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        try
        {
            if (_process is not null)
            {
                await EndAsync(_process);
                await ServerProcess.StopAsync(_process);
            }

            await CleanUpAsync();
        }
        finally
        {
            _folder.Delete(recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>On a user's machine that lacks the server the test is skipped; in CI it fails.</summary>
    internal void Require()
    {
        if (!IsInstalled)
        {
            ExternalTool.SkipOrFail($"'{Program}' is not installed");
        }
    }

    internal abstract ServerCommand Command();

    /// <summary>What runs before the server.</summary>
    private protected virtual Task PrepareAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>What the log says when the port is open; <see langword="null"/>: connecting tells.</summary>
    private protected virtual string? ReadyWords => null;

    /// <summary>Lets the server end by itself, if it must not be killed.</summary>
    private protected virtual Task EndAsync(Process process) => Task.CompletedTask;

    /// <summary>Ends what was started besides the server.</summary>
    private protected virtual Task CleanUpAsync() => Task.CompletedTask;

    private protected string PathOf(string name) => Path.Combine(Folder, name);

    private protected string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>Makes the folder that of the user of <see cref="Unprivileged"/>.</summary>
    private protected Task GiveAwayAsync(CancellationToken ct) => Environment.IsPrivilegedProcess
        ? ServerProcess.OutputAsync(new ServerCommand("chown", "-R", $"{Nobody}:{NoGroup}", Folder), ct)
        : Task.CompletedTask;

    /// <summary>The call of a program that refuses to run as root.</summary>
    private protected ServerCommand Unprivileged(string program, params string[] arguments)
    {
        var command = Environment.IsPrivilegedProcess
            ? new ServerCommand(
                "setpriv", [$"--reuid={Nobody}", $"--regid={NoGroup}", "--clear-groups", program, .. arguments])
            : new ServerCommand(program, arguments);
        return command with { Folder = Folder };
    }

    private protected static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private void WriteCertificates()
    {
        Write("root.pem", Pki.Root.Pem);
        Write("server.pem", Pki.EcServer.ChainPem(Pki.Root.Certificate));
        var key = Write("server.key", Pki.EcServer.KeyPem());
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL insists.
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private async Task ReadyAsync(CancellationToken ct)
    {
        if (ReadyWords is { } words)
        {
            await Log.WaitAsync(0, log => log.Contains(words, StringComparison.Ordinal), ct);
            return;
        }

        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await AnswersAsync(ct))
        {
            if (_process!.HasExited || ct.IsCancellationRequested)
            {
                throw new InvalidOperationException($"The server does not open port {Port}: {Log.Since(0)}");
            }

            await beat.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = await Loopback.ConnectAsync(Port, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
