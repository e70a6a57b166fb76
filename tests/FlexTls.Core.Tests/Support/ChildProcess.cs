using System.Diagnostics;
using Xunit;

namespace FlexTls.Support;

/// <summary>Runs a test in a process of its own, for what a process is told before it starts.</summary>
internal static class ChildProcess
{
    /// <param name="tests">The class of the test.</param>
    /// <param name="method">The test; it must succeed.</param>
    /// <param name="environment">The variables that the process has beside those of this one.</param>
    public static async Task RunAsync(Type tests, string method, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [tests.Assembly.Location, "-method", $"{tests.FullName}.{method}"]) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Deadline.Token());
        await process.WaitForExitAsync(Deadline.Token());

        Assert.True(process.ExitCode == 0 && output.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", StringComparison.Ordinal), output);
    }
}
