namespace FlexTls;

/// <summary>
/// Counts operations under way, and remembers whether there was one since the last call of <see cref="WasAny"/>.
/// </summary>
/// <remarks>Takes no lock: generations ask their pools while they hold their own.</remarks>
internal sealed class RecentCount
{
    private int _count;
    private int _hasEnded;

    /// <summary>The number of operations under way.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Begin() => Interlocked.Increment(ref _count);

    public void End()
    {
        // In this order, so that a call in between sees the operation twice rather than not at all.
        Volatile.Write(ref _hasEnded, 1);
        Interlocked.Decrement(ref _count);
    }

    /// <summary>Whether an operation was under way at any time since the last call.</summary>
    public bool WasAny()
    {
        // The count first: an operation that ends after that has set the flag.
        var isAny = Count > 0;
        return Interlocked.Exchange(ref _hasEnded, 0) != 0 || isAny;
    }
}
