namespace FlexTls.Interop;

/// <summary>What the processes of a server write, line by line.</summary>
internal sealed class ServerLog
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    /// <summary>How much there is so far; what is read later can start here.</summary>
    public int Mark()
    {
        lock (_lock)
        {
            return _lines.Count;
        }
    }

    /// <summary>Takes a line; <see langword="null"/>: nothing more comes.</summary>
    public void Add(string? line)
    {
        lock (_lock)
        {
            if (line is null)
            {
                _ended = true;
            }
            else
            {
                _lines.Add(line);
            }

            _more.SetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public string Since(int mark)
    {
        lock (_lock)
        {
            return string.Join('\n', _lines.Skip(mark));
        }
    }

    /// <summary>Waits until the text since a mark is enough.</summary>
    /// <exception cref="InvalidOperationException">The server ended before, or the wait was given up.</exception>
    public async Task<string> WaitAsync(int mark, Func<string, bool> isEnough, CancellationToken ct)
    {
        while (true)
        {
            Task more;
            bool ended;
            lock (_lock)
            {
                (more, ended) = (_more.Task, _ended);
            }

            var text = Since(mark);
            if (isEnough(text))
            {
                return text;
            }

            if (ended)
            {
                throw new InvalidOperationException($"The server ended: {text}");
            }

            try
            {
                await more.WaitAsync(ct);
            }
            catch (OperationCanceledException)
            {
                throw new InvalidOperationException($"The server's log does not have what was waited for: {Since(mark)}");
            }
        }
    }
}
