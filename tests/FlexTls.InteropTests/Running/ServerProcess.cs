using System.ComponentModel;
using System.Diagnostics;
using FlexTls.Support;

namespace FlexTls.Interop;

/// <summary>Processes of servers: found, started, ended with all that they started.</summary>
internal static class ServerProcess
{
    // Servers lie where only root looks.
    private static readonly string[] Folders =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>The path of a program, or <see langword="null"/>.</summary>
    public static string? Find(string program) => Path.IsPathRooted(program)
        ? (File.Exists(program) ? program : null)
        : Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public static Process Start(ServerCommand command, ServerLog log)
    {
        var process = new Process { StartInfo = StartInfo(command) };
        var open = 2;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Read(string? line)
        {
            if (line is not null || Interlocked.Decrement(ref open) == 0)
            {
                log.Add(line);
            }
        }
    }

    public static async Task StopAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>All that a program says before it ends, whatever its exit code.</summary>
    public static async Task<string> OutputAsync(ServerCommand command, CancellationToken ct)
    {
        var log = new ServerLog();
        using var process = Start(command, log);
        try
        {
            await process.WaitForExitAsync(ct);
            return log.Since(0);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"'{command.Program}' does not end: {log.Since(0)}");
        }
    }

    private static ProcessStartInfo StartInfo(ServerCommand command)
    {
        var start = new ProcessStartInfo(Find(command.Program) ?? throw new Win32Exception($"'{command.Program}' is not installed"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.Folder ?? RepositoryFiles.Root,
        };
        foreach (var argument in command.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
