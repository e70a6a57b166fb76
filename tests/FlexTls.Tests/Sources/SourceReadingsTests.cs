using FlexTls.Watching;
using Xunit;

namespace FlexTls.Sources;

/// <summary>Which sources are read, and which readings count.</summary>
public class SourceReadingsTests : SourceReadingsContext
{
    [Fact]
    public void AChange_ReadsTheSourcesThatAreMadeOfIt_AndNoOther()
    {
        Settle("a", "a2");
        Assert.Equal((1, "a2"), (ReadCount, ValueOf(A, "a")));
        Settle("shared", "s2");
        Assert.Equal((3, "s2", "s2"), (ReadCount, ValueOf(A, "shared"), ValueOf(B, "shared")));
        Settle("other", "o");
        Settle("a", "a2");
        Assert.Equal(3, ReadCount);
    }

    [Fact]
    public void ASource_IsNotRead_WhileAnotherOfItsFilesIsChanging()
    {
        Settle("a", "a2", stillSettling: ["shared"]);
        Assert.Equal((0, "a1"), (ReadCount, ValueOf(A, "a")));
        Settle("shared", "s1");
        Assert.Equal((1, "a2"), (ReadCount, ValueOf(A, "a")));
    }

    [Fact]
    public void AFileThatChangesBeforeItIsRead_IsNotUsed_AndIsAskedForAgain()
    {
        Files["a"] = "half";
        Note(new() { ["a"] = "a2" });
        Assert.Equal("a1", ValueOf(A, "a"));
        Assert.NotEqual(Versions.Of("a2"), Readings.Known["a"]);
        Settle("a", "half");
        Assert.Equal("half", ValueOf(A, "a"));
    }

    [Fact]
    public void AFileThatIsReadHalfAgainAndAgain_IsAskedForAnewEachTime()
    {
        // A detector tells a content once: it tells it again only where another one is known.
        var known = new HashSet<ContentVersion> { Readings.Known["a"] };
        for (var time = 0; time < 3; time++)
        {
            Files["a"] = "half";
            Note(new() { ["a"] = "a2" });
            Assert.True(known.Add(Readings.Known["a"]));
        }

        Settle("a", "a2");
        Assert.Equal("a2", ValueOf(A, "a"));
    }

    [Fact]
    public void ANewSource_CountsWhenAllItsFilesHaveSettled()
    {
        Files["new"] = "n1";
        var source = new TestSource("N", Files) { MadeOf = { "new", "shared" } };
        Found = [A, B, source];
        Note([]);
        Assert.Null(Readings.Of(source));
        Assert.Contains("new", Readings.Known);
        Settle("new", "n1");
        Assert.Equal("n1", ValueOf(source, "new"));
    }

    [Fact]
    public void AFileThatAReadingIsTheFirstToName_IsWaitedFor()
    {
        Files["more"] = "m1";
        A.MadeOf.Add("more");
        Settle("a", "a2");
        Assert.Equal("a1", ValueOf(A, "a"));
        Settle("more", "m1");
        Assert.Equal(("a2", "m1"), (ValueOf(A, "a"), ValueOf(A, "more")));
    }

    [Fact]
    public void WhatIsUnstable_IsSo_UntilItSettles_AlsoOnWhatItWas()
    {
        Note([], unstable: ["shared"], stillSettling: ["shared"]);
        Assert.Equal(("shared", "shared"), (Readings.StillChanging(A), Readings.StillChanging(B)));
        Settle("a", "a2", stillSettling: ["shared"]);
        Assert.Equal("a1", ValueOf(A, "a"));
        Settle("shared", "s1");
        Assert.Equal((null, null), (Readings.StillChanging(A), Readings.StillChanging(B)));
        Assert.Equal("a2", ValueOf(A, "a"));
    }

    [Fact]
    public void AReadingThatNoLongerNamesWhatIsUnstable_Counts()
    {
        Note([], unstable: ["shared"], stillSettling: ["shared"]);
        A.MadeOf.Remove("shared");

        Settle("a", "a2", stillSettling: ["shared"]);

        Assert.Equal("a2", ValueOf(A, "a"));
        Assert.Equal((null, "shared"), (Readings.StillChanging(A), Readings.StillChanging(B)));
    }

    [Fact]
    public void OfTwoThatAreUnstable_TheOneThatGoesOn_IsStillTold()
    {
        Note([], unstable: ["a", "shared"], stillSettling: ["a", "shared"]);
        Settle("a", "a2", stillSettling: ["shared"]);
        Assert.NotNull(Readings.StillChanging(A));
        Settle("shared", "s1");
        Assert.Null(Readings.StillChanging(A));
        Assert.Equal("a2", ValueOf(A, "a"));
    }

    [Fact]
    public void ASharedFileThatChangesBetweenTwoSources_IsReadAgainByBoth()
    {
        A.Reading = () => Files["shared"] = "s3";
        Settle("shared", "s2");
        A.Reading = () => { };
        Assert.Equal("s1", ValueOf(B, "shared"));
        Settle("shared", "s3");
        Assert.Equal(("s3", "s3"), (ValueOf(A, "shared"), ValueOf(B, "shared")));
    }

    [Fact]
    public void ReadAll_OfASharedFileThatChangesMeanwhile_IsNotTheEndOfIt()
    {
        var known = Readings.Known["shared"];
        for (var time = 2; time < 5; time++)
        {
            A.Reading = () => Files["shared"] += "+";
            Readings.ReadAll(Found, isAnew: true);
            Assert.NotEqual(known, Readings.Known["shared"]);
            known = Readings.Known["shared"];
            Assert.NotEqual(Versions.Of(Files["shared"]), known);
        }
    }

    [Fact]
    public void ReadAll_ReadsWhatIsWaitedFor_AndWhatIsUnstable()
    {
        Note([], unstable: ["shared"], stillSettling: ["shared"]);
        Files["a"] = "a2";
        Readings.ReadAll(Found, isAnew: true);
        Assert.Equal((2, "a2", null), (ReadCount, ValueOf(A, "a"), Readings.StillChanging(B)));
        Settle("shared", "s1");
        Assert.Equal(2, ReadCount);
    }

    [Fact]
    public void ASourceWhoseFileIsMissingForAMoment_IsKept()
    {
        (Files["a"], Found, A.Missing) = ("!missing", [B], true);
        Note([]);
        Assert.True(Readings.AwaitsMissing);
        Assert.Equal("a1", ValueOf(A, "a"));

        (Found, A.Missing) = ([A, B], false);
        Settle("a", "a1");
        Assert.False(Readings.AwaitsMissing);
        Assert.Equal(Found, Readings.Sources);
        Assert.Equal(Versions.Of("a1"), Readings.Known["a"]);
    }

    [Fact]
    public void ASourceWhoseFileHasSettledAsMissing_IsGone()
    {
        (Files["a"], Found, A.Missing) = ("!missing", [B], true);
        Note([]);
        Settle("a", "!missing");
        Assert.False(Readings.AwaitsMissing);
        Assert.Equal([B], Readings.Sources);
        Assert.DoesNotContain("a", Readings.Known);
    }

    [Fact]
    public void ASourceThatIsNamedNoMore_IsGone_ThoughItsFilesAreThere()
    {
        Found = [B];
        Note([]);
        Assert.Equal([B], Readings.Sources);
    }

    [Fact]
    public void ReadAll_TakesAMissingFileForGone()
    {
        (Files["a"], Found, A.Missing) = ("!missing", [B], true);
        Readings.ReadAll(Found, isAnew: true);
        Assert.Equal([B], Readings.Sources);
    }
}
