using FlexTls.Support;
using Xunit;

namespace FlexTls.Reloading;

public sealed class StarvedPoolTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("flextls-");

    [Fact]
    public async Task TheFirstLoad_NeedsNoThreadOfThePool_WhenAllOfThemWaitForIt()
    {
        using var policies = new PolicyFiles();
        for (var i = 0; i < 20; i++)
        {
            policies.Write($"service-{i}");
        }

        var result = await SampleProcess.RunAsync("AllocationProbe", ["starved", policies.Pattern], _temp.FullName, Deadline.Token());

        Assert.Equal((0, "loaded"), (result.ExitCode, result.Output.Trim()));
    }

    public void Dispose() => _temp.Delete(recursive: true);
}
