using Xunit;

namespace FlexTls.Adapters;

/// <summary>A tool that reads policy files and shows what is wrong in them.</summary>
public class PolicyFileTests
{
    [Fact]
    public void TryLoad_SaysWhatIsWrong_AndThrowsNothing()
    {
        var folder = Directory.CreateTempSubdirectory("flextls-");
        var path = Path.Combine(folder.FullName, "orders.yaml");
        File.WriteAllText(path, "kind: PolicyBinding\n");

        Assert.False(TlsPolicyFile.TryLoad([path, Path.Combine(folder.FullName, "none.yaml")], out var set));

        Assert.Empty(set.Bindings);
        Assert.Contains(set.Diagnostics, found => found.FileName == path);
        Assert.Contains(set.Diagnostics, found => found.ToString().Contains("none.yaml", StringComparison.Ordinal));
        Assert.Throws<ArgumentNullException>(() => TlsPolicyFile.TryLoad(null!, out _));
        folder.Delete(recursive: true);
    }
}
