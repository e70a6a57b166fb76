namespace FlexTls;

/// <summary>Counts a connection while an answer is awaited on it.</summary>
/// <param name="awaited">Counts such connections.</param>
internal sealed class AwaitedAnswer(RecentCount awaited)
{
    private enum State
    {
        None,
        Awaited,
        Closed,
    }

    private State _state;

    /// <summary>Something was sent that asks for an answer.</summary>
    public void Await()
    {
        if (Interlocked.CompareExchange(ref _state, State.Awaited, State.None) is State.None)
        {
            awaited.Begin();
        }
    }

    /// <summary>The answer has come.</summary>
    public void Came()
    {
        if (Interlocked.CompareExchange(ref _state, State.None, State.Awaited) is State.Awaited)
        {
            awaited.End();
        }
    }

    /// <summary>The connection is closed: no answer will come, and none is awaited from now on.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _state, State.Closed) is State.Awaited)
        {
            awaited.End();
        }
    }
}
