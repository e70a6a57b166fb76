namespace FlexTls;

/// <summary>
/// Reads the files and secrets that one source refers to. Each is read once, so that all parts of the source see the
/// same content. Lives as long as the source is being read.
/// </summary>
/// <param name="baseFolder">Where relative paths start; empty: the current directory.</param>
/// <param name="reads">The time limit; <see langword="null"/>: by the system clock.</param>
/// <param name="secrets">The providers of secrets; <see langword="null"/>: none.</param>
internal sealed class ValueReads(string baseFolder = "", BoundedReads? reads = null, SecretProviders? secrets = null)
{
    private readonly Dictionary<string, ValueContent> _contents = new(StringComparer.Ordinal);

    /// <summary>
    /// The version of each content that was read: of files by their absolute path, of secrets by their reference.
    /// </summary>
    public IReadOnlyDictionary<string, ContentVersion> Versions =>
        _contents.ToDictionary(read => read.Key, read => read.Value.Version, StringComparer.Ordinal);

    /// <summary>The keys that the passphrases of the source's keys were made into.</summary>
    public DerivedKeys DerivedKeys { get; } = new();

    /// <summary>The path of a file that the source refers to.</summary>
    public string PathOf(string reference) => CleanPath.Of(Path.Combine(baseFolder, reference));

    /// <summary>Whether secrets of a scheme can be read.</summary>
    public bool HasProvider(string scheme) => secrets?.Has(scheme) == true;

    /// <summary>The content of a file, or why it cannot be used.</summary>
    /// <param name="path">The file; a relative path starts at the current directory.</param>
    /// <param name="most">How many bytes it may have, at most <see cref="ValueContent.Longest"/>.</param>
    public ValueContent Read(string path, int most)
    {
        var absolute = Path.IsPathFullyQualified(path) ? path : Path.Combine(Directory.GetCurrentDirectory(), path);
        return Once(absolute, () => ValueContent.Read(path, reads: reads), most);
    }

    /// <summary>The content of a secret, or why it cannot be used.</summary>
    /// <param name="name"><c>scheme:reference</c>, of a scheme that has a provider.</param>
    public ValueContent ReadSecret(string name) => Once(name, () => secrets!.Read(name), ValueContent.LongestValue);

    private ValueContent Once(string key, Func<ValueContent> read, int most)
    {
        if (!_contents.TryGetValue(key, out var content))
        {
            content = read();
            _contents.Add(key, content);
        }

        return content.Within(most);
    }
}
