using FlexTls.Upstreams;
using FlexTls.Watching;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>Which units are read, and which readings count.</summary>
public class UnitReadingsTests
{
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal) { ["a"] = "a1", ["b"] = "b1", ["shared"] = "s1" };
    private readonly TestUnit _a;
    private readonly TestUnit _b;
    private readonly UnitReadings _readings;
    private IReadOnlyList<PolicyUnit> _found;

    public UnitReadingsTests()
    {
        (_a, _b) = (new TestUnit("A", _files) { MadeOf = { "a", "shared" } }, new TestUnit("B", _files) { MadeOf = { "b", "shared" } });
        _found = [_a, _b];
        _readings = new UnitReadings([(_a, _a.Read()), (_b, _b.Read())]);
    }

    [Fact]
    public void AChange_ReadsTheUnitsThatAreMadeOfIt_AndNoOther()
    {
        Settle("a", "a2");
        Assert.Equal((1, "a2"), (_readings.ReadCount, ValueOf(_a, "a")));
        Settle("shared", "s2");
        Assert.Equal((3, "s2", "s2"), (_readings.ReadCount, ValueOf(_a, "shared"), ValueOf(_b, "shared")));
        Settle("other", "o");
        Settle("a", "a2");
        Assert.Equal(3, _readings.ReadCount);
    }

    [Fact]
    public void AUnit_IsNotRead_WhileAnotherOfItsFilesIsChanging()
    {
        Settle("a", "a2", stillSettling: ["shared"]);
        Assert.Equal((0, "a1"), (_readings.ReadCount, ValueOf(_a, "a")));
        Settle("shared", "s1");
        Assert.Equal((1, "a2"), (_readings.ReadCount, ValueOf(_a, "a")));
    }

    [Fact]
    public void AFileThatChangesBeforeItIsRead_IsNotUsed_AndIsAskedForAgain()
    {
        _files["a"] = "half";
        Note(new() { ["a"] = "a2" });
        Assert.Equal("a1", ValueOf(_a, "a"));
        Assert.NotEqual("a2", _readings.Known["a"]);
        Settle("a", "half");
        Assert.Equal("half", ValueOf(_a, "a"));
    }

    [Fact]
    public void AFileThatIsReadHalfAgainAndAgain_IsAskedForAnewEachTime()
    {
        // A detector tells a content once: it tells it again only where another one is known.
        var known = new HashSet<string>(StringComparer.Ordinal) { _readings.Known["a"] };
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
    public void ANewUnit_CountsWhenAllItsFilesHaveSettled()
    {
        _files["new"] = "n1";
        var unit = new TestUnit("N", _files) { MadeOf = { "new", "shared" } };
        _found = [_a, _b, unit];
        Note([]);
        Assert.Null(_readings.Of(unit));
        Assert.Contains("new", _readings.Known);
        Settle("new", "n1");
        Assert.Equal("n1", ValueOf(unit, "new"));
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
    public void ASharedFileThatChangesBetweenTwoUnits_IsReadAgainByBoth()
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
            Assert.NotEqual(_files["shared"], known);
        }
    }

    [Fact]
    public void ReadAll_ReadsWhatIsWaitedFor_AndWhatIsUnstable()
    {
        Note([], unstable: ["shared"], stillSettling: ["shared"]);
        _files["a"] = "a2";
        _readings.ReadAll(_found);
        Assert.Equal((2, "a2", null), (_readings.ReadCount, ValueOf(_a, "a"), _readings.StillChanging(_b)));
        Settle("shared", "s1");
        Assert.Equal(2, _readings.ReadCount);
    }

    [Fact]
    public void AUnitWhoseFileIsMissingForAMoment_IsKept()
    {
        (_files["a"], _found, _a.Missing) = ("!missing", [_b], true);
        Note([]);
        Assert.True(_readings.AwaitsMissing);
        Assert.Equal("a1", ValueOf(_a, "a"));

        (_found, _a.Missing) = ([_a, _b], false);
        Settle("a", "a1");
        Assert.False(_readings.AwaitsMissing);
        Assert.Equal(_found, _readings.Units);
        Assert.Equal("a1", _readings.Known["a"]);
    }

    [Fact]
    public void AUnitWhoseFileHasSettledAsMissing_IsGone()
    {
        (_files["a"], _found, _a.Missing) = ("!missing", [_b], true);
        Note([]);
        Settle("a", "!missing");
        Assert.False(_readings.AwaitsMissing);
        Assert.Equal([_b], _readings.Units);
        Assert.DoesNotContain("a", _readings.Known);
    }

    [Fact]
    public void AUnitThatIsNamedNoMore_IsGone_ThoughItsFilesAreThere()
    {
        _found = [_b];
        Note([]);
        Assert.Equal([_b], _readings.Units);
    }

    [Fact]
    public void ReadAll_TakesAMissingFileForGone()
    {
        (_files["a"], _found, _a.Missing) = ("!missing", [_b], true);
        _readings.ReadAll(_found);
        Assert.Equal([_b], _readings.Units);
    }

    private string ValueOf(PolicyUnit unit, string file) => _readings.Of(unit)!.Fingerprints[file];

    private void Settle(string file, string content, params string[] stillSettling)
    {
        _files[file] = content;
        Note(new() { [file] = content }, stillSettling: stillSettling);
    }

    private void Note(Dictionary<string, string> settled, string[]? unstable = null, string[]? stillSettling = null)
    {
        var changes = new ChangeSet(settled, (unstable ?? []).ToHashSet(), (stillSettling ?? []).ToHashSet());
        _readings.Note(changes);
        _readings.ReadSettled(_found, changes.StillSettling);
    }
}
