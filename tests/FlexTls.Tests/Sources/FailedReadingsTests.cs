using FlexTls.Watching;
using Xunit;

namespace FlexTls.Sources;

/// <summary>A reading that fails, or that does not fit what was read before it, is made again.</summary>
public class FailedReadingsTests : SourceReadingsContext
{
    [Fact]
    public void ASourceWhoseReadingFails_IsAFaultOfItsOwn_AndIsReadAgainWhenItChanges()
    {
        A.Reading = () => throw new InvalidOperationException("a secret");
        Note(new() { ["a"] = "a2", ["b"] = "b2" });
        Files["a"] = "a2";
        Settle("b", "b2");
        var fault = Assert.Single(Readings.Of(A)!.OtherFaults);
        Assert.Equal((DiagnosticCodes.ReadingFailed, "b2"), (fault.Code, ValueOf(B, "b")));
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);

        A.Reading = () => { };
        Settle("a", "a3");
        Assert.Empty(Readings.Of(A)!.OtherFaults);
        Assert.Equal("a3", ValueOf(A, "a"));
    }

    [Fact]
    public void ANewSourceWhoseReadingFails_IsReadAgainWhenItChanges()
    {
        Files["new"] = "n1";
        var added =
            new TestSource("new", Files) { MadeOf = { "new" }, Reading = () => throw new InvalidOperationException() };
        Found = [A, B, added];
        Settle("new", "n1");
        Assert.Equal(DiagnosticCodes.ReadingFailed, Assert.Single(Readings.Of(added)!.OtherFaults).Code);

        added.Reading = () => { };
        Settle("new", "n2");
        Assert.Equal("n2", ValueOf(added, "new"));
    }

    [Fact]
    public void WhatWasAnotherContentWhenItWasLastLookedAt_IsAskedForAgain()
    {
        Readings.Recheck(
            new Dictionary<string, ContentVersion> { ["a"] = Versions.Of("a1"), ["other"] = Versions.Of("o") });
        Assert.Equal(Versions.Of("a1"), Readings.Known["a"]);

        Readings.Recheck(new Dictionary<string, ContentVersion> { ["a"] = Versions.Of("a0") });
        Assert.NotEqual(Versions.Of("a1"), Readings.Known["a"]);
        Settle("a", "a1");
        Assert.Equal(("a1", Versions.Of("a1")), (ValueOf(A, "a"), Readings.Known["a"]));
    }
}
