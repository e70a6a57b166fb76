using FlexTls.Support;

namespace FlexTls.Interop;

/// <summary>The servers that are programs of the repository, each over the standard library of its platform.</summary>
internal static class Programs
{
    public static string PathOf(string name) => Path.Combine(RepositoryFiles.Root, "tests/FlexTls.InteropTests/Servers/Programs", name);

    /// <summary>Their arguments: the folder, then each port as <c>Ec=18000</c>.</summary>
    public static string[] Arguments(ServerFolder folder) => [folder.Path, .. folder.Ports.Select(port => $"{port.Key}={port.Value}")];
}
