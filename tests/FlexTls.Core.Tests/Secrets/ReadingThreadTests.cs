using System.Runtime.CompilerServices;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Secrets;

/// <summary>Threads that wait for the next file.</summary>
public class ReadingThreadTests
{
    [Fact]
    public async Task AThreadThatWaits_KeepsNothingOfWhatItRead()
    {
        var (done, content) = Read();
        await done.WaitAsync(Deadline.Token());

        await Deadline.UntilAsync(() =>
        {
            GC.Collect();
            return !content.IsAlive;
        });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (Task Done, WeakReference Content) Read()
    {
        var (done, content) = (new TaskCompletionSource(), new byte[100_000]);
        ReadingThread.Start(() =>
        {
            GC.KeepAlive(content);
            return done.SetResult;
        });
        return (done.Task, new WeakReference(content));
    }
}
