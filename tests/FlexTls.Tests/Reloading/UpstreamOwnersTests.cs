using FlexTls.Support;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>Who may have an upstream next, while files are changing.</summary>
public sealed class UpstreamOwnersTests : IDisposable
{
    private static readonly UpstreamKey Orders = UpstreamKey.TryParse("orders")!;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");
    private readonly SourceReadings _readings = new((_, e) => throw e);
    private readonly UpstreamOwners _owners = new(new UpstreamTable());
    private string[] _files = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ANewUpstream_WaitsForWhatIsChangingWhenItIsFound_AndForNothingLater()
    {
        Start(("a", "a1"), ("b", "b1"), ("c", "c1"));
        Write("a", "a1", "orders");

        Pass(settled: ["a"], changing: ["b"]);
        Assert.True(_owners.Waits(Orders));
        Assert.Null(_owners.Of(Orders));

        Write("b", "b2");
        Pass(settled: ["b"], changing: ["c"]);
        Assert.False(_owners.Waits(Orders));
        Assert.Equal(PathOf("a"), _owners.Of(Orders)?.Item);
    }

    [Fact]
    public void AnUpstreamThatItsFileHasNoLonger_DoesNotPass_WhileAnotherFileKeepsChanging()
    {
        Start(("a", "orders"), ("b", "b1"), ("c", "c1"));
        Write("a", "a1");
        Write("b", "orders");

        Pass(settled: ["a", "b"], changing: ["c"]);
        Assert.True(_owners.Waits(Orders));
        Pass(settled: [], changing: ["c"], unstable: ["c"]);

        // It waits no longer, but may not pass either: the reason is reported.
        Assert.False(_owners.Waits(Orders));
        Assert.False(_owners.MayPass(Orders, _readings));
        Assert.Equal(PathOf("a"), _owners.Of(Orders)?.Item);

        Write("c", "c2");
        Pass(settled: ["c"]);
        Assert.Equal(PathOf("b"), _owners.Of(Orders)?.Item);
    }

    [Fact]
    public void WhatIsChanging_ButUsedNoLonger_IsNotWaitedFor()
    {
        Start(("a", "orders"), ("b", "b1"), ("c", "c1"));
        Write("a", "a1");
        Write("b", "orders");
        File.Delete(PathOf("c"));
        _files = ["a", "b"];

        // The file is gone and has settled on that; something that only it was made of is still changing.
        Pass(settled: ["a", "b", "c"], changing: ["c"]);

        Assert.False(_owners.Waits(Orders));
        Assert.Equal(PathOf("b"), _owners.Of(Orders)?.Item);
    }

    [Fact]
    public void AnUpstreamThatTwoFilesHave_IsNeithers_AlsoWhileOneOfThemCannotBeRead()
    {
        Start(("a", "a1"), ("b", "b1"));
        Write("a", "orders");
        Write("b", "orders");
        Pass(settled: ["a", "b"]);
        Assert.True(_owners.IsContested(Orders));
        Assert.Null(_owners.Of(Orders));

        File.WriteAllText(PathOf("b"), "a: [");
        Pass(settled: ["b"]);
        Assert.True(_owners.IsContested(Orders));
        Assert.Null(_owners.Of(Orders));

        Write("b", "b1");
        Pass(settled: ["b"]);
        Assert.False(_owners.IsContested(Orders));
        Assert.Equal(PathOf("a"), _owners.Of(Orders)?.Item);
    }

    [Fact]
    public void AConflictThatIsOver_DoesNotWaitForAFileThatHadNoPartInIt()
    {
        Start(("a", "orders"), ("b", "b1"), ("c", "c1"));
        Write("b", "orders");
        Pass(settled: ["b"]);
        File.WriteAllText(PathOf("c"), "a: [");
        Pass(settled: ["c"]);
        Assert.True(_owners.IsContested(Orders));

        Write("b", "b1");
        Pass(settled: ["b"]);

        Assert.False(_owners.IsContested(Orders));
        Assert.Equal(PathOf("a"), _owners.Of(Orders)?.Item);
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file + ".yaml");

    private void Start(params (string File, string Service)[] files)
    {
        _files = [.. files.Select(file => file.File)];
        foreach (var (file, service) in files)
        {
            Write(file, service);
        }

        _readings.ReadAll(Sources(), isAnew: true);
        Find();
    }

    private void Write(string file, params string[] services) => File.WriteAllText(
        PathOf(file), string.Join("\n---\n", services.Select(service => PolicyYaml.Binding(service, "{}"))));

    private IReadOnlyList<PolicySource> Sources() =>
        [.. _files.Select(file => new PolicyFileSource(PathOf(file), NamedAlone: false))];

    private void Pass(string[] settled, string[]? changing = null, string[]? unstable = null)
    {
        var changes = new ChangeSet(
            settled.ToDictionary(PathOf, file => ValueContent.Read(PathOf(file)).Version),
            (unstable ?? []).Select(PathOf).ToHashSet(), (changing ?? []).Select(PathOf).ToHashSet());
        _readings.Note(changes);
        _readings.ReadSettled(Sources(), changes.StillSettling);
        Find();
    }

    private void Find() => _owners.Find(
        [.. _readings.Sources.Where(source => _readings.Of(source) is not null)], _readings);
}
