using Xunit;

namespace FlexTls.Support;

/// <summary>
/// What a test may wait at the most for something that should happen at once, so that a hang is a failure. Long enough
/// for a machine that has much else to do.
/// </summary>
internal static class Deadline
{
    public static CancellationToken Token()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(TimeSpan.FromMinutes(2));
        return source.Token;
    }

    /// <summary>Waits for something that nobody announces, without keeping a core busy meanwhile.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        for (var ct = Token(); !holds();)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), ct);
        }
    }
}
