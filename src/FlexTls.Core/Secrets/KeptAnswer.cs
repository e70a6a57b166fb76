namespace FlexTls.Secrets;

/// <summary>
/// What code of the user's answered, until its change token fires. Then, and after a failure with each look, it is
/// asked again in the background, so that code that is slow or down holds up nobody else. Thread-safe.
/// </summary>
/// <param name="ask">
/// Asks, with a time limit, and never throws. It is given what to call when the answer may have changed.
/// </param>
/// <param name="versionOf">The version of an answer.</param>
/// <param name="isFailure">Whether an answer is a failure.</param>
/// <param name="renewed">Called when another answer than the one before has come in the background.</param>
internal sealed class KeptAnswer<T>(
    Func<Action, (T Answer, ChangeSignal? Change)> ask, Func<T, ContentVersion> versionOf, Func<T, bool> isFailure,
    Action renewed)
    where T : class
{
    private readonly Lock _asking = new();
    private readonly Lock _lock = new();
    private volatile T? _answer;
    private ChangeSignal? _change;
    private volatile bool _isForgotten;
    private bool _isRenewing;
    private bool _isWanted;
    private bool _hasEnded;

    /// <summary>The answer; if there is none yet, it is asked for now.</summary>
    public T Current()
    {
        if (_answer is { } known && !_isForgotten)
        {
            return known;
        }

        lock (_asking)
        {
            return _answer is { } kept && !_isForgotten ? kept : Ask();
        }
    }

    /// <summary>The version of the answer, without waiting for another one that may be due.</summary>
    public ContentVersion Look()
    {
        if (_answer is not { } kept)
        {
            return default;
        }

        if (isFailure(kept) || _change is { MustBeAsked: true })
        {
            Renew();
        }

        return versionOf(kept);
    }

    /// <summary>It is asked for again when it is needed next.</summary>
    public void Forget() => _isForgotten = true;

    /// <summary>Changes are reported no longer.</summary>
    public void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
            _change?.End();
        }
    }

    private T Ask()
    {
        _isForgotten = false;
        var (answer, change) = ask(Renew);
        lock (_lock)
        {
            _change?.End();
            _change = change;
            _answer = answer;
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

        new Thread(RenewWhileWanted) { IsBackground = true, Name = "FlexTls sources" }.UnsafeStart();
    }

    private void RenewWhileWanted()
    {
        while (IsWanted())
        {
            bool isOther;
            lock (_asking)
            {
                var before = _answer;
                var answer = Ask();
                isOther = before is null || versionOf(before) != versionOf(answer);
            }

            if (isOther)
            {
                renewed();
            }
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
