using System.Diagnostics;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>What was replaced is freed: memory, sockets and files stay what they are, however often something is replaced.</summary>
public class RotationLeakTests
{
    private const string OwnProcess = "FLEXTLS_TESTS_ROTATION_LEAKS";

    // What the platform opens when it first needs it, whenever that is: far less than one handle for each rotation.
    private const int OpenedOnce = 5;

    [Fact]
    public Task FortyRotations_LeaveNothing() => AloneAsync(nameof(FortyRotations_LeaveNothing), warmUp: 40, 40);

    [Fact(Explicit = true)]
    public Task AThousandRotations_LeaveNothing() => AloneAsync(nameof(AThousandRotations_LeaveNothing), warmUp: 100, 1000);

    /// <summary>In a process of its own, in which nothing else opens files and allocates memory.</summary>
    private static async Task AloneAsync(string test, int warmUp, int rotations)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists what a process has open in files.");
        if (Environment.GetEnvironmentVariable(OwnProcess) is not null)
        {
            await RotateAsync(warmUp, rotations);
            return;
        }

        using var process = Process.Start(new ProcessStartInfo(
            Path.ChangeExtension(typeof(RotationLeakTests).Assembly.Location, null), ["-explicit", "on", "-showLiveOutput", "-noColor", "-method", $"{typeof(RotationLeakTests).FullName}.{test}"])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                [OwnProcess] = "1",
                // Each collection empties the pools of buffers, which hold more or less as chance has it.
                ["DOTNET_GCHighMemPercent"] = "1",
            },
        })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper!.WriteLine(output);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    private static async Task RotateAsync(int warmUp, int rotations)
    {
        await using var host = await LeakHost.StartAsync();
        await host.RotateAsync(warmUp);
        await LeakHost.UntilHandlesAsync(most: null);
        var before = host.Measure();

        var old = await host.RotateAsync(rotations);
        await LeakHost.UntilHandlesAsync(before.Handles + OpenedOnce);
        var after = host.Measure();

        // The platform keeps 1.4 KB of each handler on .NET 11.
        var stock = Math.Max(0, await host.StockGrowthAsync(rotations));

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{rotations} rotations: {before.Bytes} bytes before, {after.Bytes} after, stock handlers {stock} more; "
            + $"{before.Handles} handles before, {after.Handles} after; {old.Count(IsAlive)} contexts alive");
        Assert.Equal(rotations, old.Count);
        Assert.DoesNotContain(old, IsAlive);
        Assert.InRange(after.Handles, 0, before.Handles + OpenedOnce);
        Assert.InRange(after.Bytes, 0, (before.Bytes * 1.05) + stock);
    }

    private static bool IsAlive(WeakReference<ContextGeneration> generation) => generation.TryGetTarget(out _);
}
