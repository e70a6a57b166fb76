namespace FlexTls.Secrets;

/// <summary>
/// Calls the user's code, such as a provider of secrets, with a time limit. After a call that took too long, the next
/// ones get less time until one succeeds: a start must not wait long for each secret of a provider that is down.
/// Thread-safe.
/// </summary>
internal sealed class BoundedCalls(TimeProvider clock)
{
    /// <summary>How many seconds a call may take.</summary>
    public const int Patience = 30;

    private const int PatienceAfterTimeout = 10;

    private readonly BoundedReads _calls = new(clock);
    private volatile bool _hasTimedOut;

    /// <summary>Makes a call on a thread of its own.</summary>
    /// <param name="question">Identifies the call; one that hangs is not repeated before it returns.</param>
    /// <param name="call">The call; its token is canceled when the time is over.</param>
    /// <param name="isExcused">Whether the call waits for something that has a time limit of its own.</param>
    /// <exception cref="TimeoutException">The call has not returned in time.</exception>
    public T Ask<T>(string question, Func<CancellationToken, ValueTask<T>> call, Func<bool>? isExcused = null)
    {
        var limit = new CancellationTokenSource();
        try
        {
            var answer = _calls.Ask(
                question, "", () => call(limit.Token).AsTask().GetAwaiter().GetResult(),
                _hasTimedOut ? PatienceAfterTimeout : Patience, isExcused);
            _hasTimedOut = false;
            return answer;
        }
        catch (TimeoutException)
        {
            _hasTimedOut = true;
            limit.CancelInBackground();
            throw;
        }
    }

    /// <summary>The next call gets the whole time again.</summary>
    public void Forget() => _hasTimedOut = false;
}
