using FlexTls.Diagnostics;
using FlexTls.Secrets;
using FlexTls.Watching;
using Xunit;

namespace FlexTls.Sources;

/// <summary>Which sources are read, and which readings count.</summary>
public class SourceReadingsTests
{
    private readonly Dictionary<string, string> _files =
        new(StringComparer.Ordinal) { ["a"] = "a1", ["b"] = "b1", ["shared"] = "s1" };
    private readonly TestSource _a;
    private readonly TestSource _b;
    private readonly SourceReadings _readings = new((_, _) => { });
    private readonly int _readBefore;
    private IReadOnlyList<PolicySource> _found;

    public SourceReadingsTests()
    {
        _a = new TestSource("A", _files) { MadeOf = { "a", "shared" } };
        _b = new TestSource("B", _files) { MadeOf = { "b", "shared" } };
        _found = [_a, _b];
        _readings.ReadAll(_found);
        _readBefore = _readings.ReadCount;
    }

    private int ReadCount => _readings.ReadCount - _readBefore;

    [Fact]
    public void AChange_ReadsTheSourcesThatAreMadeOfIt_AndNoOther()
    {
        Settle("a", "a2");
        Assert.Equal((1, "a2"), (ReadCount, ValueOf(_a, "a")));
        Settle("shared", "s2");
        Assert.Equal((3, "s2", "s2"), (ReadCount, ValueOf(_a, "shared"), ValueOf(_b, "shared")));
        Settle("other", "o");
        Settle("a", "a2");
        Assert.Equal(3, ReadCount);
    }

    [Fact]
    public void ASource_IsNotRead_WhileAnotherOfItsFilesIsChanging()
    {
        Settle("a", "a2", stillSettling: ["shared"]);
        Assert.Equal((0, "a1"), (ReadCount, ValueOf(_a, "a")));
        Settle("shared", "s1");
        Assert.Equal((1, "a2"), (ReadCount, ValueOf(_a, "a")));
    }

    [Fact]
    public void ASourceWhoseReadingFails_IsAFaultOfItsOwn_AndIsReadAgainWhenItChanges()
    {
        _a.Reading = () => throw new InvalidOperationException("a secret");
        Note(new() { ["a"] = "a2", ["b"] = "b2" });
        _files["a"] = "a2";
        Settle("b", "b2");
        var fault = Assert.Single(_readings.Of(_a)!.OtherFaults);
        Assert.Equal((DiagnosticCodes.ReadingFailed, "b2"), (fault.Code, ValueOf(_b, "b")));
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);

        _a.Reading = () => { };
        Settle("a", "a3");
        Assert.Empty(_readings.Of(_a)!.OtherFaults);
        Assert.Equal("a3", ValueOf(_a, "a"));
    }

    [Fact]
    public void ANewSourceWhoseReadingFails_IsReadAgainWhenItChanges()
    {
        _files["new"] = "n1";
        var added = new TestSource("new", _files) { MadeOf = { "new" }, Reading = () => throw new InvalidOperationException() };
        _found = [_a, _b, added];
        Settle("new", "n1");
        Assert.Equal(DiagnosticCodes.ReadingFailed, Assert.Single(_readings.Of(added)!.OtherFaults).Code);

        added.Reading = () => { };
        Settle("new", "n2");
        Assert.Equal("n2", ValueOf(added, "new"));
    }

    [Fact]
    public void AFileThatChangesBeforeItIsRead_IsNotUsed_AndIsAskedForAgain()
    {
        _files["a"] = "half";
        Note(new() { ["a"] = "a2" });
        Assert.Equal("a1", ValueOf(_a, "a"));
        Assert.NotEqual(Versions.Of("a2"), _readings.Known["a"]);
        Settle("a", "half");
        Assert.Equal("half", ValueOf(_a, "a"));
    }

    [Fact]
    public void AFileThatIsReadHalfAgainAndAgain_IsAskedForAnewEachTime()
    {
        // A detector tells a content once: it tells it again only where another one is known.
        var known = new HashSet<ContentVersion> { _readings.Known["a"] };
        for (var time = 0; time < 3; time++)
        {
            _files["a"] = "half";
            Note(new() { ["a"] = "a2" });
            Assert.True(known.Add(_readings.Known["a"]));
        }

        Settle("a", "a2");
        Assert.Equal("a2", ValueOf(_a, "a"));
    }

    [Fact]
    public void ANewSource_CountsWhenAllItsFilesHaveSettled()
    {
        _files["new"] = "n1";
        var source = new TestSource("N", _files) { MadeOf = { "new", "shared" } };
        _found = [_a, _b, source];
        Note([]);
        Assert.Null(_readings.Of(source));
        Assert.Contains("new", _readings.Known);
        Settle("new", "n1");
        Assert.Equal("n1", ValueOf(source, "new"));
    }

    [Fact]
    public void AFileThatAReadingIsTheFirstToName_IsWaitedFor()
    {
        _files["more"] = "m1";
        _a.MadeOf.Add("more");
        Settle("a", "a2");
        Assert.Equal("a1", ValueOf(_a, "a"));
        Settle("more", "m1");
        Assert.Equal(("a2", "m1"), (ValueOf(_a, "a"), ValueOf(_a, "more")));
    }

    [Fact]
    public void WhatIsUnstable_IsSo_UntilItSettles_AlsoOnWhatItWas()
    {
        Note([], unstable: ["shared"], stillSettling: ["shared"]);
        Assert.Equal(("shared", "shared"), (_readings.StillChanging(_a), _readings.StillChanging(_b)));
        Settle("a", "a2", stillSettling: ["shared"]);
        Assert.Equal("a1", ValueOf(_a, "a"));
        Settle("shared", "s1");
        Assert.Equal((null, null), (_readings.StillChanging(_a), _readings.StillChanging(_b)));
        Assert.Equal("a2", ValueOf(_a, "a"));
    }

    [Fact]
    public void OfTwoThatAreUnstable_TheOneThatGoesOn_IsStillTold()
    {
        Note([], unstable: ["a", "shared"], stillSettling: ["a", "shared"]);
        Settle("a", "a2", stillSettling: ["shared"]);
        Assert.NotNull(_readings.StillChanging(_a));
        Settle("shared", "s1");
        Assert.Null(_readings.StillChanging(_a));
        Assert.Equal("a2", ValueOf(_a, "a"));
    }

    [Fact]
    public void ASharedFileThatChangesBetweenTwoSources_IsReadAgainByBoth()
    {
        _a.Reading = () => _files["shared"] = "s3";
        Settle("shared", "s2");
        _a.Reading = () => { };
        Assert.Equal("s1", ValueOf(_b, "shared"));
        Settle("shared", "s3");
        Assert.Equal(("s3", "s3"), (ValueOf(_a, "shared"), ValueOf(_b, "shared")));
    }

    [Fact]
    public void ReadAll_OfASharedFileThatChangesMeanwhile_IsNotTheEndOfIt()
    {
        var known = _readings.Known["shared"];
        for (var time = 2; time < 5; time++)
        {
            _a.Reading = () => _files["shared"] += "+";
            _readings.ReadAll(_found);
            Assert.NotEqual(known, _readings.Known["shared"]);
            known = _readings.Known["shared"];
            Assert.NotEqual(Versions.Of(_files["shared"]), known);
        }
    }

    [Fact]
    public void ReadAll_ReadsWhatIsWaitedFor_AndWhatIsUnstable()
    {
        Note([], unstable: ["shared"], stillSettling: ["shared"]);
        _files["a"] = "a2";
        _readings.ReadAll(_found);
        Assert.Equal((2, "a2", null), (ReadCount, ValueOf(_a, "a"), _readings.StillChanging(_b)));
        Settle("shared", "s1");
        Assert.Equal(2, ReadCount);
    }

    [Fact]
    public void ASourceWhoseFileIsMissingForAMoment_IsKept()
    {
        (_files["a"], _found, _a.Missing) = ("!missing", [_b], true);
        Note([]);
        Assert.True(_readings.AwaitsMissing);
        Assert.Equal("a1", ValueOf(_a, "a"));

        (_found, _a.Missing) = ([_a, _b], false);
        Settle("a", "a1");
        Assert.False(_readings.AwaitsMissing);
        Assert.Equal(_found, _readings.Sources);
        Assert.Equal(Versions.Of("a1"), _readings.Known["a"]);
    }

    [Fact]
    public void ASourceWhoseFileHasSettledAsMissing_IsGone()
    {
        (_files["a"], _found, _a.Missing) = ("!missing", [_b], true);
        Note([]);
        Settle("a", "!missing");
        Assert.False(_readings.AwaitsMissing);
        Assert.Equal([_b], _readings.Sources);
        Assert.DoesNotContain("a", _readings.Known);
    }

    [Fact]
    public void ASourceThatIsNamedNoMore_IsGone_ThoughItsFilesAreThere()
    {
        _found = [_b];
        Note([]);
        Assert.Equal([_b], _readings.Sources);
    }

    [Fact]
    public void ReadAll_TakesAMissingFileForGone()
    {
        (_files["a"], _found, _a.Missing) = ("!missing", [_b], true);
        _readings.ReadAll(_found);
        Assert.Equal([_b], _readings.Sources);
    }

    private string ValueOf(PolicySource source, string file) =>
        Versions.TextOf(_readings.Of(source)!.Versions[file]);

    private void Settle(string file, string content, params string[] stillSettling)
    {
        _files[file] = content;
        Note(new() { [file] = content }, stillSettling: stillSettling);
    }

    private void Note(Dictionary<string, string> settled, string[]? unstable = null, string[]? stillSettling = null)
    {
        var versions = settled.ToDictionary(file => file.Key, file => Versions.Of(file.Value));
        var changes = new ChangeSet(versions, (unstable ?? []).ToHashSet(), (stillSettling ?? []).ToHashSet());
        _readings.Note(changes);
        _readings.ReadSettled(_found, changes.StillSettling);
    }
}
