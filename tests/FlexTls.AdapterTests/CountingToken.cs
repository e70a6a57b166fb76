using Microsoft.Extensions.Primitives;

namespace FlexTls.Adapters;

/// <summary>A token that never fires, and counts who listens.</summary>
internal sealed class CountingToken : IChangeToken
{
    private int _listeners;

    public int Listeners => Volatile.Read(ref _listeners);

    public bool HasChanged => false;

    public bool ActiveChangeCallbacks => true;

    public IDisposable RegisterChangeCallback(Action<object?> callback, object? state)
    {
        Interlocked.Increment(ref _listeners);
        return new Registration(this);
    }

    private sealed class Registration(CountingToken token) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref token._listeners);
    }
}
