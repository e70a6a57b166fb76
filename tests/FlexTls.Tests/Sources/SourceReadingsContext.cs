using FlexTls.Watching;

namespace FlexTls.Sources;

/// <summary>Two sources that share a file, and what is read of them.</summary>
public abstract class SourceReadingsContext
{
    private readonly int _readBefore;

    private protected Dictionary<string, string> Files { get; } =
        new(StringComparer.Ordinal) { ["a"] = "a1", ["b"] = "b1", ["shared"] = "s1" };

    private protected TestSource A { get; }

    private protected TestSource B { get; }

    private protected SourceReadings Readings { get; } = new((_, _) => { });

    private protected IReadOnlyList<PolicySource> Found { get; set; }

    protected SourceReadingsContext()
    {
        A = new TestSource("A", Files) { MadeOf = { "a", "shared" } };
        B = new TestSource("B", Files) { MadeOf = { "b", "shared" } };
        Found = [A, B];
        Readings.ReadAll(Found, isAnew: true);
        _readBefore = Readings.ReadCount;
    }

    private protected int ReadCount => Readings.ReadCount - _readBefore;

    private protected string ValueOf(PolicySource source, string file) =>
        Versions.TextOf(Readings.Of(source)!.Versions[file]);

    private protected void Settle(string file, string content, params string[] stillSettling)
    {
        Files[file] = content;
        Note(new() { [file] = content }, stillSettling: stillSettling);
    }

    private protected void Note(Dictionary<string, string> settled, string[]? unstable = null,
        string[]? stillSettling = null)
    {
        var versions = settled.ToDictionary(file => file.Key, file => Versions.Of(file.Value));
        var changes = new ChangeSet(versions, (unstable ?? []).ToHashSet(), (stillSettling ?? []).ToHashSet());
        Readings.Note(changes);
        Readings.ReadSettled(Found, changes.StillSettling);
    }
}
