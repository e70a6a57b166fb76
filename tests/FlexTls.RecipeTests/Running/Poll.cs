using FlexTls.Support;

namespace FlexTls.Recipes;

/// <summary>Questions to a server that are asked until the answer is the expected one.</summary>
internal static class Poll
{
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var ct = Deadline.Token(); !await holds();)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), ct);
        }
    }
}
