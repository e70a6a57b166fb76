using FlexTls.Upstreams;

namespace FlexTls.Reloading;

/// <summary>A unit that is made of files with the contents that a test sets.</summary>
internal sealed record TestUnit(string Name, IReadOnlyDictionary<string, string> Files) : PolicyUnit
{
    /// <summary>Called in the middle of each reading: what changes meanwhile is read as half of it.</summary>
    public Action Reading { get; set; } = () => { };

    public bool Missing { get; set; }

    public override bool IsMissing => Missing;

    /// <summary>The files that the unit is made of.</summary>
    public List<string> MadeOf { get; } = [];

    public override UnitReading Read()
    {
        var fingerprints = MadeOf.ToDictionary(file => file, file => Files[file], StringComparer.Ordinal);
        Reading();
        return new UnitReading([], Enumerable.Empty<TlsPolicyDiagnostic>().ToLookup(_ => default(Sources.UpstreamName)), [], [], fingerprints);
    }

    public bool Equals(TestUnit? other) => Name == other?.Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
