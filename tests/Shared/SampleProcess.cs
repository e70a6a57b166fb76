using System.Diagnostics;
using System.Reflection;

namespace FlexTls.Support;

/// <summary>Runs a sample as its readers do, in a process of its own.</summary>
internal static class SampleProcess
{
    public static async Task<ProcessResult> RunAsync(
        string sample, IEnumerable<string> arguments, string tempFolder, CancellationToken ct,
        params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [PathOf(sample), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = tempFolder, ["DOTNET_TieredPGO"] = "0" },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var error = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return new ProcessResult(process.ExitCode, await output, await error);
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Starts a sample that runs until it is told to stop.</summary>
    public static Process Start(string sample, params IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo("dotnet", [PathOf(sample), .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>Where the project file says that the sample was built.</summary>
    private static string PathOf(string sample) => typeof(SampleProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == sample).Value!;
}
