namespace FlexTls;

/// <summary>
/// The connections on which a proxy has asked for credentials (407). The platform may be looking them up, and then asks
/// again; it may also never use the connection again, so they are waited for only for a while.
/// </summary>
internal sealed class CredentialWaits
{
    // One a second.
    private const int Looks = 5;

    private int _connections;
    private int _looks;

    /// <summary>A connection waits.</summary>
    /// <param name="isWaiting">Whether it does already.</param>
    public void Begin(ref bool isWaiting)
    {
        Volatile.Write(ref _looks, Looks);
        if (!Interlocked.Exchange(ref isWaiting, true))
        {
            Interlocked.Increment(ref _connections);
        }
    }

    /// <summary>It waits no longer, if it did.</summary>
    public void End(ref bool isWaiting)
    {
        if (Interlocked.Exchange(ref isWaiting, false))
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    /// <summary>Whether one of them is still to be waited for.</summary>
    public bool Look() => Volatile.Read(ref _connections) > 0 && Interlocked.Decrement(ref _looks) >= 0;
}
