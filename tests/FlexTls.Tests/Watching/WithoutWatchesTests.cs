using System.Diagnostics;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Watching;

/// <summary>Where the system gives no watches, changes are found later, and one line says so.</summary>
public sealed class WithoutWatchesTests : IDisposable
{
    private const string Exhausted = "FLEXTLS_TESTS_WITHOUT_WATCHES";
    private const int NoNamespace = 77;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ARefusedWatch_IsMadeUpForByThePoll_AndOneLineWarns() =>
        Assert.Contains("No more watches.", await ChangeAsync(_ => throw new IOException("No more watches.")), StringComparison.Ordinal);

    [Fact]
    public async Task AMachineThatIsOutOfWatches_IsMadeUpForByThePoll_AndOneLineWarns()
    {
        if (Environment.GetEnvironmentVariable(Exhausted) is not null)
        {
            Assert.Contains("inotify instances", await ChangeAsync(start: null), StringComparison.Ordinal);
            return;
        }

        // Linux counts watches per user namespace: this test, alone, in one that has none.
        ExternalTool.Require("unshare", "--version");
        var test = $"{typeof(WithoutWatchesTests).FullName}.{nameof(AMachineThatIsOutOfWatches_IsMadeUpForByThePoll_AndOneLineWarns)}";
        string[] command = ["--user", "--map-root-user", "sh", "-c", $"echo 0 > /proc/sys/user/max_inotify_instances || exit {NoNamespace}; exec \"$0\" -method {test}", Path.ChangeExtension(typeof(WithoutWatchesTests).Assembly.Location, null)];
        using var process = Process.Start(new ProcessStartInfo("unshare", command) { RedirectStandardOutput = true, Environment = { [Exhausted] = "1" } })!;
        var output = await process.StandardOutput.ReadToEndAsync(Deadline.Token());
        await process.WaitForExitAsync(Deadline.Token());

        Assert.SkipWhen(process.ExitCode is NoNamespace || output.Length == 0, "This system lets nobody make a user namespace.");
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    /// <returns>The only warning, after changes in two folders were found.</returns>
    private async Task<string> ChangeAsync(Action<FileSystemWatcher>? start)
    {
        await using var host = new DetectorHost(poll: TimeSpan.FromMilliseconds(50), start: start);
        _folder.Write("a/tls.crt", "old");
        _folder.Write("b/tls.crt", "old");
        var (a, b) = (_folder.FileItem("a/tls.crt"), _folder.FileItem("b/tls.crt"));
        await host.WatchAsync(a, b);

        _folder.Write("a/tls.crt", "new");
        Assert.Equal(Versions.Of("new"), (await host.NextAsync()).Settled[a.Key]);
        await host.WatchAsync(a, b);
        _folder.Write("b/tls.crt", "new");
        Assert.Equal(Versions.Of("new"), (await host.NextAsync()).Settled[b.Key]);

        return Assert.Single(host.Log.Warnings);
    }
}
