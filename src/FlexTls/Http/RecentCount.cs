namespace FlexTls;

/// <summary>Counts what is under way, and remembers that something was since the last look.</summary>
/// <remarks>Takes no lock: pools are asked under the lock of their generation.</remarks>
internal sealed class RecentCount
{
    private int _count;
    private int _was;

    /// <summary>How many are under way.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Begin() => Interlocked.Increment(ref _count);

    public void End()
    {
        // In this order: between the two it is seen twice, not never.
        Volatile.Write(ref _was, 1);
        Interlocked.Decrement(ref _count);
    }

    /// <summary>Whether any was under way at any time since the last call.</summary>
    public bool WasAny()
    {
        var was = Interlocked.Exchange(ref _was, 0) != 0;
        return was || Count > 0;
    }
}
