using FlexTls.Diagnostics;

namespace FlexTls.Upstreams;

/// <summary>
/// Writes lines for connections and requests, which must go on: a log that hangs is waited for only a moment, and then
/// left alone until it answers.
/// </summary>
internal sealed class PatientLog
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private volatile Task _writing = Task.CompletedTask;

    public void Write(Action line)
    {
        if (SafeLogger.TryHold(() => Write(line)))
        {
            return;
        }

        if (_writing.IsCompleted || _writing.Wait(Patience))
        {
            var writing = _writing = Task.Run(line);
            _ = writing.Wait(Patience);
        }
    }
}
