using System.Threading.Channels;
using FlexTls.Support;

namespace FlexTls.Watching;

/// <summary>An item that counts its reads, and whose content is a text.</summary>
internal sealed class TestItem(string key, WatchedPath? path, Func<string> content)
{
    private readonly Channel<string> _read = Channel.CreateUnbounded<string>();
    private int _reads;

    public string Key => key;

    public int Reads => Volatile.Read(ref _reads);

    /// <summary>The item to watch, with what it contains now in force.</summary>
    public WatchedItem Now() => Knowing(content());

    public WatchedItem Knowing(string known) => new(key, path, () => Versions.Of(Read()), Versions.Of(known));

    /// <summary>What the oldest read gave that nobody asked for yet.</summary>
    public async Task<string> NextReadAsync() => await _read.Reader.ReadAsync(Deadline.Token());

    /// <summary>Waits until it was read so often.</summary>
    public async Task UntilReadsAsync(int count)
    {
        while (Reads < count)
        {
            await _read.Reader.WaitToReadAsync(Deadline.Token());
            while (_read.Reader.TryRead(out _))
            {
            }
        }
    }

    private string Read()
    {
        var found = content();
        Interlocked.Increment(ref _reads);
        _read.Writer.TryWrite(found);
        return found;
    }
}
