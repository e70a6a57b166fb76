using Microsoft.Extensions.FileSystemGlobbing;

namespace FlexTls;

/// <summary>Finds the files for the paths, folders and globs that a user names, in a stable order.</summary>
internal static class PolicyFileFinder
{
    private static readonly string[] Extensions = [".yaml", ".yml"];

    /// <summary>
    /// The files, and whether each was named on its own. A name that matches nothing is an error: a wrong mount must
    /// not mean the platform's default TLS.
    /// </summary>
    /// <param name="names">Paths, folders and globs.</param>
    /// <param name="diagnostics">Receives the faults.</param>
    /// <param name="reads">The time limit; <see langword="null"/>: by the system clock.</param>
    /// <param name="known">Earlier results, which stay valid for a name that cannot be looked up now.</param>
    /// <param name="contentRoot">Where relative names start; empty: the current directory of the process.</param>
    public static IReadOnlyList<(string Path, bool NamedAlone)> Find(
        IEnumerable<string> names,
        DiagnosticList diagnostics,
        BoundedReads? reads = null,
        KnownListings? known = null,
        string contentRoot = "")
    {
        var found = new List<(string Path, bool NamedAlone)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var written in names)
        {
            var name = Clean(Path.Combine(contentRoot, written));
            var listing = Files(name, reads ?? BoundedReads.Default, diagnostics);
            if ((known is null ? listing : known.Latest(name, listing)) is not var (files, alone))
            {
                continue;
            }

            if (files.Count == 0)
            {
                diagnostics.Error(DiagnosticCodes.NoSuchFile, new Place("", name),
                    $"no policy file is found under {Text.Quote(name)}: "
                        + $"{WhyNone(name, Hint(written, contentRoot), reads ?? BoundedReads.Default)}.");
            }

            found.AddRange(files.Where(file => seen.Add(Path.GetFullPath(file))).Select(file => (file, alone)));
        }

        return found;
    }

    /// <summary>
    /// The name without <c>.</c> and <c>..</c> in the path; everything after a <c>*</c> stays as it is.
    /// </summary>
    public static string Clean(string name) =>
        SplitGlob(name) is not var (root, pattern) ? CleanPath.Of(name)
        : CleanPath.Of(root) is "." ? pattern
        : Path.Combine(CleanPath.Of(root), pattern);

    /// <summary>
    /// The folder in which files for a name can appear and disappear, and whether this includes its subfolders;
    /// <see langword="null"/>: the name is a single file.
    /// </summary>
    public static (string Folder, bool IsTree)? ListingOf(string name, BoundedReads reads) =>
        reads.Ask($"look for {name}", FolderOf(name), () => Directory.Exists(name), otherwise: !HasExtension(name))
            ? (name, false)
            : SplitGlob(name) is var (root, pattern)
            ? (root, pattern.Contains('/', StringComparison.Ordinal)
                || pattern.Contains("**", StringComparison.Ordinal))
            : null;

    /// <summary>The files for a name; <see langword="null"/> after a reported fault.</summary>
    private static (List<string> Files, bool Alone)? Files(string name, BoundedReads reads, DiagnosticList diagnostics)
    {
        try
        {
            return reads.Ask($"list {name}", FolderOf(name),
                () => File.Exists(name) ? ([name], true)
                    : (Directory.Exists(name) ? InFolder(name) : InGlob(name), false));
        }
        catch (Exception e) when (FileFaults.Reason(e) is { } reason)
        {
            diagnostics.Error(
                DiagnosticCodes.UnreadableFile, new Place("", name),
                $"the files under {Text.Quote(name)} cannot be found: {reason}.");
            return null;
        }
    }

    private static string Hint(string written, string contentRoot) =>
        (written.AsSpan().IndexOfAny("{?[") >= 0 ? " (of all wildcards, only * and ** are known)" : "")
        + (contentRoot.Length == 0 || Path.IsPathRooted(written) ? ""
            : $" ({Text.Quote(written)} is relative to the content root {Text.Quote(contentRoot)})");

    private static string WhyNone(string name, string where, BoundedReads reads)
    {
        const string Check = "check the path, and that it is mounted, or published with the program";
        var hint = ReferenceMistakes.HintOfPath(name) + where;
        if (SplitGlob(name) is var (root, _))
        {
            return Exists(root) ? $"nothing in the folder {Text.Quote(root)} matches the pattern{hint}"
                : $"there is no folder {Text.Quote(root)}{hint}; {Check}";
        }

        return Exists(name) ? "the folder has no file *.yaml or *.yml in it"
            : $"there is no such file or folder{hint}; {Check}";

        bool Exists(string folder) => reads.Ask(
            $"look for {folder}", folder, () => Directory.Exists(folder), otherwise: false);
    }

    /// <summary>The folder in which a name is looked up.</summary>
    private static string FolderOf(string name) =>
        SplitGlob(name)?.Root ?? (HasExtension(name) ? Path.GetDirectoryName(name) ?? "" : name);

    private static bool HasExtension(string file) =>
        Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    private static List<string> InFolder(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(HasExtension).Order(StringComparer.Ordinal)];

    private static List<string> InGlob(string glob)
    {
        if (SplitGlob(glob) is not var (root, pattern) || !Directory.Exists(root))
        {
            return [];
        }

        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(pattern);
        var found = matcher.Execute(new ListedFolder(new DirectoryInfo(root), pattern));
        return
        [
            .. found.Files.Select(file => file.Path).Where(IsNoCopy)
                .Select(file => root == "." ? file : Path.Combine(root, file)).Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// The folder before the first part with a <c>*</c>, and the rest; <see langword="null"/> if there is no <c>*</c>.
    /// </summary>
    private static (string Root, string Pattern)? SplitGlob(string glob)
    {
        var parts = glob.Replace('\\', '/').Split('/');
        var fixedParts = parts.TakeWhile(part => !part.Contains('*', StringComparison.Ordinal)).ToArray();
        if (fixedParts.Length == parts.Length)
        {
            return null;
        }

        var root = string.Join('/', fixedParts) is { Length: > 0 } named ? named : glob.StartsWith('/') ? "/" : ".";
        return (root, string.Join('/', parts[fixedParts.Length..]));
    }

    private static bool IsNoCopy(string relativePath) => !relativePath.Split('/', '\\').Any(FolderListing.IsCopy);
}
