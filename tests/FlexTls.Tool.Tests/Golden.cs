using FlexTls.Support;
using Xunit;

namespace FlexTls.Tool;

/// <summary>Compares outputs with files.</summary>
internal static class Golden
{
    private const string Folder = "tests/FlexTls.Tool.Tests/Golden";

    /// <summary>Whether the files and the page are written anew.</summary>
    public static bool IsWritten { get; } = Environment.GetEnvironmentVariable("FLEXTLS_GOLDEN") == "1";

    public static void Check(string name, ToolRun run)
    {
        var file = $"{Folder}/{name}.txt";
        var errors = run.Error.Length == 0 ? "" : $"[error]\n{Steady.Of(run.Error)}";
        var output = $"{Steady.Of(run.Out)}{errors}[exit code {run.ExitCode}]\n";
        if (IsWritten)
        {
            Directory.CreateDirectory(Path.Combine(RepositoryFiles.Root, Folder));
            File.WriteAllText(Path.Combine(RepositoryFiles.Root, file), output);
        }

        Assert.Equal(RepositoryFiles.Read(file), output);
    }
}
