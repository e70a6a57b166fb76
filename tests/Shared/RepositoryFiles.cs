namespace FlexTls.Support;

/// <summary>The files of the repository, for tests that hold pages and sources to their word.</summary>
internal static class RepositoryFiles
{
    // Looked for from the test's own folder: a build server maps the paths of sources away.
    public static string Root { get; } = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    /// <summary>Files of a folder and all below it, without what a build puts there; paths start at the root.</summary>
    public static IEnumerable<string> Find(string folder, string pattern)
    {
        var top = Path.Combine(Root, folder);
        return !Directory.Exists(top) ? [] : Directory.EnumerateFiles(top, pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "artifacts"))
            .Order(StringComparer.Ordinal);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FlexTls.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        }

        return folder.FullName;
    }
}
