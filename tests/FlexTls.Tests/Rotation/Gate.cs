using System.Threading.Channels;
using FlexTls.Support;

namespace FlexTls.Rotation;

/// <summary>A place at which a server waits until the test lets it go on.</summary>
internal sealed class Gate
{
    private readonly Channel<bool> _arrivals = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits for somebody to come to the gate.</summary>
    public Task ArrivalAsync() => _arrivals.Reader.ReadAsync(Deadline.Token()).AsTask();

    public void Open() => _open.TrySetResult();

    /// <summary>Comes to the gate, and does not wait for it.</summary>
    public void Arrive() => _arrivals.Writer.TryWrite(true);

    /// <summary>Comes to the gate.</summary>
    public Task PassAsync()
    {
        Arrive();
        return _open.Task.WaitAsync(Deadline.Token());
    }
}
