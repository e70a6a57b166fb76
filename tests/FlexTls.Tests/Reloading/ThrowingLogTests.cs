using Xunit;

namespace FlexTls.Reloading;

/// <summary>A log that throws, as on a full disk, costs lines of the log and nothing else.</summary>
public class ThrowingLogTests
{
    [Fact]
    public async Task WatchingGoesOn_AndChangesTakeEffect()
    {
        await using var host = await RotatingHost.StartAsync();
        host.Log.Written = _ => throw new InvalidOperationException("The disk is full.");

        host.WriteIdentity("second");
        await host.UntilGenerationAsync(2);
        host.WriteIdentity("third");
        await host.UntilGenerationAsync(3);

        Assert.Empty(host.Manager.GetStatus().Faults);
        host.Log.Written = _ => { };
        Assert.Equal("CN=third", await host.WhoAsync());
    }
}
