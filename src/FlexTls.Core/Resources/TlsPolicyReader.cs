namespace FlexTls;

/// <summary>
/// Turns the texts of an <see cref="ITlsPolicySource"/> into policies. It resolves <c>file:</c>, <c>$NAME</c> and the
/// schemes of <see cref="ITlsSecretProvider"/>s, and FlexTls watches what they refer to. Thread-safe; usable only
/// during the reading that it was passed to.
/// </summary>
public sealed class TlsPolicyReader
{
    internal const int LongestName = 200;

    private readonly Lock _lock = new();
    private readonly string _source;
    private readonly ValueReads _reads;
    private volatile bool _isReading;

    /// <summary>
    /// Creates a reader, for tests of a source. It resolves <c>file:</c>, from the current directory, and
    /// <c>$NAME</c>; it knows no provider of secrets.
    /// </summary>
    /// <param name="sourceName">The name of the source in messages.</param>
    /// <exception cref="ArgumentNullException"><paramref name="sourceName"/> is <see langword="null"/>.</exception>
    public TlsPolicyReader(string sourceName)
        : this(
            Text.OneLine(Text.Cut(sourceName ?? throw new ArgumentNullException(nameof(sourceName)), LongestName)),
            new ValueReads())
    {
    }

    internal TlsPolicyReader(string source, ValueReads reads) => (_source, _reads) = (source, reads);

    /// <summary>Whether a text is being read; its files and secrets have time limits of their own.</summary>
    internal bool IsReading => _isReading;

    /// <summary>
    /// Reads a text by the same rules as a policy file. It blocks while the files and secrets that the text refers to
    /// are read, up to 30 seconds each.
    /// </summary>
    /// <param name="yaml">The text: YAML, at most 4 MiB. Relative <c>file:</c> paths start at the content root.</param>
    /// <param name="name">
    /// The name of the text in messages, in place of a file's, cut after 200 characters; <see langword="null"/>: the
    /// name of the source.
    /// </param>
    /// <returns>
    /// The good bindings, the services, and all findings, among them the errors of bindings that are not good: faults
    /// of the text do not cause an exception.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="yaml"/> is <see langword="null"/>.</exception>
    public TlsPolicySet Read(string yaml, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        lock (_lock)
        {
            _isReading = true;
            try
            {
                // Every finding repeats the name.
                var shown = name is null ? _source : Text.OneLine(Text.Cut(name, LongestName));
                return TlsPolicySet.Of([PolicyFileReading.Read(new YamlText(yaml, shown), _reads)]);
            }
            finally
            {
                _isReading = false;
            }
        }
    }
}
