namespace FlexTls.Policies;

/// <summary>
/// Reads the files that one unit of policy refers to, and remembers what was found. Each file is read once, so that all
/// parts of the unit see the same content. Lives as long as the unit is being read.
/// </summary>
/// <param name="baseFolder">Where relative references start; empty: the current directory.</param>
/// <param name="reads">The time limit; <see langword="null"/>: by the system clock.</param>
internal sealed class FileReads(string baseFolder = "", BoundedReads? reads = null)
{
    private readonly Dictionary<string, FileContent> _contents = new(StringComparer.Ordinal);

    /// <summary>
    /// The fingerprint of each file that was asked for, the missing ones too, by its absolute path.
    /// </summary>
    public IReadOnlyDictionary<string, string> Fingerprints =>
        _contents.ToDictionary(read => read.Key, read => read.Value.Fingerprint, StringComparer.Ordinal);

    /// <summary>The path of a file that the unit refers to.</summary>
    public string PathOf(string reference) => CleanPath.Of(Path.Combine(baseFolder, reference));

    /// <summary>The content of a file, or why it cannot be used.</summary>
    /// <param name="path">The file; a relative path starts at the current directory.</param>
    /// <param name="most">How many bytes it may have, at most <see cref="FileContent.Longest"/>.</param>
    public FileContent Read(string path, int most)
    {
        var absolute = Path.IsPathFullyQualified(path) ? path : Path.Combine(Directory.GetCurrentDirectory(), path);
        if (!_contents.TryGetValue(absolute, out var content))
        {
            content = FileContent.Read(path, reads: reads);
            _contents.Add(absolute, content);
        }

        return content.Within(most);
    }
}
