using FlexTls.Support;

namespace FlexTls.Reloading;

/// <summary>Holds up whoever logs a line, once, until it is disposed.</summary>
internal sealed class Pause : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Pause(RecordingLogger log, string text) => log.Written = line =>
    {
        if (line.Contains(text, StringComparison.Ordinal) && _reached.TrySetResult())
        {
            _end.Task.Wait(Deadline.Token());
        }
    };

    public Task ReachedAsync() => _reached.Task.WaitAsync(Deadline.Token());

    public void Dispose() => _end.TrySetResult();
}
