namespace FlexTls;

/// <summary>
/// Reads policy files: YAML with Flex Gateway resources, of which the <c>tls-outbound</c> bindings count.
/// </summary>
public static class TlsPolicyFile
{
    /// <summary>Loads policy files together, so that conflicts between them are found.</summary>
    /// <param name="filesFoldersOrGlobs">
    /// Files; folders, whose <c>*.yaml</c> and <c>*.yml</c> files are read, without subfolders; or patterns with
    /// <c>*</c> and <c>**</c>. Relative paths start at the current directory. UTF-8, at most 4 MiB each.
    /// </param>
    /// <returns>All bindings and services.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="filesFoldersOrGlobs"/> is <see langword="null"/>.
    /// </exception>
    /// <exception cref="ArgumentException">One of the names is <see langword="null"/>.</exception>
    /// <exception cref="TlsPolicyException">
    /// A file has an error, no name is given, a name matches nothing, or a file that was named on its own has no
    /// binding; the exception lists all faults.
    /// </exception>
    public static TlsPolicySet Load(params IEnumerable<string> filesFoldersOrGlobs) =>
        Usable(Read(filesFoldersOrGlobs, nameof(filesFoldersOrGlobs)));

    /// <summary>Loads policy files together, so that conflicts between them are found.</summary>
    /// <param name="paths">As for <see cref="Load"/>.</param>
    /// <param name="set">All bindings and services; after an error none, and its diagnostics give the reasons.</param>
    /// <returns><see langword="false"/> if there is an error.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="paths"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">One of the names is <see langword="null"/>.</exception>
    public static bool TryLoad(IEnumerable<string> paths, out TlsPolicySet set)
    {
        set = Read(paths, nameof(paths));
        return !set.HasErrors;
    }

    /// <summary>Reads policies from a text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="fileName">The name of the text in diagnostics; <see langword="null"/>: none.</param>
    /// <returns>All bindings and services; a text without any binding causes a warning.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="yaml"/> is <see langword="null"/>.</exception>
    /// <exception cref="TlsPolicyException">The text has an error; the exception lists all faults.</exception>
    public static TlsPolicySet Parse(string yaml, string? fileName = null)
    {
        TryParse(yaml, fileName, out var set);
        return Usable(set);
    }

    /// <summary>Reads policies from a text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="fileName">The name of the text in diagnostics; <see langword="null"/>: none.</param>
    /// <param name="set">All bindings and services; after an error none, and its diagnostics give the reasons.</param>
    /// <returns><see langword="false"/> if the text has an error.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="yaml"/> is <see langword="null"/>.</exception>
    public static bool TryParse(string yaml, string? fileName, out TlsPolicySet set)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        set = Together([PolicyFileReading.Read(new YamlText(yaml, fileName))], new DiagnosticList(), fileName);
        return !set.HasErrors;
    }

    private static TlsPolicySet Read(IEnumerable<string> paths, string parameter)
    {
        ArgumentNullException.ThrowIfNull(paths, parameter);
        string[] names = [.. paths];
        if (names.Contains(null))
        {
            throw new ArgumentException("A name is null.", parameter);
        }

        var diagnostics = new DiagnosticList();
        if (names.Length == 0)
        {
            // Names that were read from an empty setting must not mean that nothing is enforced.
            diagnostics.Error(
                DiagnosticCodes.NoSuchFile, new Place(""),
                "no policy file is named; name at least one file, folder or pattern.");
        }

        var readings = PolicyFileFinder.Find(names, diagnostics)
            .Select(file => PolicyFileReading.Read(file.Path, file.NamedAlone))
            .ToList();
        return Together(readings, diagnostics);
    }

    /// <summary>The set; without bindings if there was any error.</summary>
    private static TlsPolicySet Together(
        IReadOnlyList<PolicyFileReading> readings, DiagnosticList diagnostics, string? textName = null)
    {
        foreach (var reading in readings)
        {
            diagnostics.AddRange(reading.Diagnostics);
        }

        CrossFileRules.Check(readings, diagnostics, textName);
        return TlsPolicySet.Whole(readings, diagnostics);
    }

    private static TlsPolicySet Usable(TlsPolicySet set) =>
        set.HasErrors ? throw new TlsPolicyException(set.Diagnostics) : set;
}
