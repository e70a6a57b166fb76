namespace FlexTls;

/// <summary>
/// Writes log lines of connections and requests, which must not stall: each line waits at most a second for a log that
/// hangs, and is dropped if it still does.
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
