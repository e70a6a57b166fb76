using FlexTls.Support;
using Xunit;

namespace FlexTls.Reloading;

public sealed class FirstLoadTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("flextls-");

    [Theory]
    [InlineData("starved")]
    [InlineData("burst")]
    [InlineData("listener")]
    public async Task TheFirstLoad_Ends_WhateverWaitsForItOrListens(string program)
    {
        using var policies = new PolicyFiles();
        for (var i = 0; i < 20; i++)
        {
            policies.Write($"service-{i}");
        }

        var result = await SampleProcess.RunAsync("Probes", [program, policies.Pattern], _temp.FullName, Deadline.Token());

        Assert.Equal((0, "loaded"), (result.ExitCode, result.Output.Trim()));
    }

    public void Dispose() => _temp.Delete(recursive: true);
}
