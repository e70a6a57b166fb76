using System.Diagnostics;

namespace FlexTls.Benchmarks;

/// <summary>This program, once more.</summary>
internal static class OwnProcess
{
    public static Process Start(params IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo("dotnet", [typeof(OwnProcess).Assembly.Location, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;
}
