namespace FlexTls;

/// <summary>
/// Keeps an answer of user code. It asks again in the background when the change token fires, at each look after a
/// failure, and once a poll if the token has no active callbacks, so that code that is slow or down holds up nobody
/// else. Thread-safe.
/// </summary>
/// <param name="ask">
/// Asks, with a time limit, and never throws. It is given whether somebody waits, and what to call when the answer may
/// have changed.
/// </param>
/// <param name="versionOf">The version of an answer.</param>
/// <param name="isFailure">Whether an answer is a failure.</param>
/// <param name="renewed">Called when another answer than the one before has come in the background.</param>
/// <param name="clock">Measures the pause between two questions in the background.</param>
/// <param name="background">Where it is asked in the background.</param>
internal sealed class KeptAnswer<T>(
    Func<bool, Action, (T Answer, ChangeSignal? Change)> ask, Func<T, ContentVersion> versionOf,
    Func<T, bool> isFailure, Action renewed, TimeProvider clock, TaskScheduler background)
    where T : class
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _asking = new();
    private readonly Lock _lock = new();
    private volatile T? _answer;
    private ChangeSignal? _change;
    private volatile int _forgotten;
    private volatile int _asked;
    private int _isDue;
    private bool _isRenewing;
    private bool _isWanted;
    private bool _hasEnded;

    /// <summary>The answer; if there is none yet, it is asked for now.</summary>
    public T Current()
    {
        if (_answer is { } known && _asked == _forgotten)
        {
            return known;
        }

        lock (_asking)
        {
            return _answer is { } kept && _asked == _forgotten ? kept : Ask(isAwaited: true);
        }
    }

    /// <summary>The version of the answer, without waiting for another one that may be due.</summary>
    public ContentVersion Look()
    {
        if (_answer is not { } kept)
        {
            return default;
        }

        // Not at each look: what has a new answer each time would never settle.
        var isDue = Interlocked.Exchange(ref _isDue, 0) != 0;
        if (isFailure(kept) || (isDue && _change is { MustBeAsked: true }))
        {
            Renew();
        }

        return versionOf(kept);
    }

    /// <summary>The version of the latest answer: if the answer may be older, it is asked for now.</summary>
    /// <param name="afterFailure">Whether it is also asked for if the last answer is a failure.</param>
    public ContentVersion LookNow(bool afterFailure)
    {
        bool mayBeOlder;
        lock (_lock)
        {
            mayBeOlder = _isWanted || _isRenewing || _change is { MustBeAsked: true }
                || (afterFailure && _answer is { } kept && isFailure(kept));
        }

        if (mayBeOlder)
        {
            Forget();
        }

        return versionOf(Current());
    }

    /// <summary>Marks an answer without change notification as due: the next look asks for it again.</summary>
    public void MarkDue() => Interlocked.Exchange(ref _isDue, 1);

    /// <summary>It is asked for again when it is needed next.</summary>
    public void Forget() => Interlocked.Increment(ref _forgotten);

    /// <summary>Changes are reported no longer.</summary>
    public void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
            _change?.End();
        }
    }

    private T Ask(bool isAwaited)
    {
        var forgotten = _forgotten;
        var (answer, change) = ask(isAwaited, Renew);
        lock (_lock)
        {
            _change?.End();
            _change = change;
            (_answer, _asked) = (answer, forgotten);
            if (_hasEnded)
            {
                change?.End();
            }
        }

        return answer;
    }

    /// <summary>Asks again in the background; once more if that is wanted meanwhile.</summary>
    private void Renew()
    {
        lock (_lock)
        {
            _isWanted = !_hasEnded;
            if (_hasEnded || _isRenewing)
            {
                return;
            }

            _isRenewing = true;
        }

        // The execution context of the code that fired the token must not flow along.
        using AsyncFlowControl? _ = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        Task.Factory.StartNew(RenewWhileWanted, CancellationToken.None, TaskCreationOptions.None, background);
    }

    private void RenewWhileWanted()
    {
        for (var isFirst = true; IsWanted(); isFirst = false)
        {
            if (!isFirst)
            {
                PauseBetweenQuestions();
            }

            bool isOther;
            lock (_asking)
            {
                var before = _answer;
                var answer = Ask(isAwaited: false);
                isOther = before is null || versionOf(before) != versionOf(answer);
            }

            if (isOther)
            {
                renewed();
            }
        }
    }

    /// <summary>A token that always fires must not make a tight loop.</summary>
    private void PauseBetweenQuestions()
    {
        try
        {
            Task.Delay(Pause, clock).GetAwaiter().GetResult();
        }
        catch (Exception)
        {
            // The user's clock failed, which must not end this thread.
            Task.Delay(Pause, TimeProvider.System).GetAwaiter().GetResult();
        }
    }

    private bool IsWanted()
    {
        lock (_lock)
        {
            _isRenewing = _isWanted;
            _isWanted = false;
            return _isRenewing;
        }
    }
}
