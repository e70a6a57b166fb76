using FlexTls.Watching;


namespace FlexTls.Sources;

/// <summary>A source that is made of files with the contents that a test sets.</summary>
internal sealed record TestSource(string Name, IReadOnlyDictionary<string, string> Files) : PolicySource
{
    /// <summary>Called in the middle of each reading: what changes meanwhile is read as half of it.</summary>
    public Action Reading { get; set; } = () => { };

    public bool Missing { get; set; }

    public override bool IsMissing => Missing;

    public override string Shown => Name;

    public override string Item => Name;

    /// <summary>The files that the source is made of.</summary>
    public List<string> MadeOf { get; } = [];

    public override SourceReading Read()
    {
        var versions = MadeOf.ToDictionary(file => file, file => Versions.Of(Files[file]), StringComparer.Ordinal);
        Reading();
        return SourceReading.Of(Array.Empty<NamedPolicy>(), [], versions);
    }

    public bool Equals(TestSource? other) => Name == other?.Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
