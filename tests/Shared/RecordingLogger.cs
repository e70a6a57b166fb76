using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FlexTls.Support;

/// <summary>Keeps every line that is logged, whatever its level.</summary>
internal sealed class RecordingLogger : ILoggerFactory, ILogger
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

    /// <summary>The exceptions that were logged.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    /// <summary>Called with each line, by whoever writes it.</summary>
    public Action<string> Written { get; set; } = _ => { };

    public IEnumerable<string> Warnings => Lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text);

    /// <summary>Waits for something that is logged when it happens.</summary>
    public async Task UntilAsync(Func<bool> condition, CancellationToken ct)
    {
        while (true)
        {
            var next = _next;
            if (condition())
            {
                return;
            }

            await next.Task.WaitAsync(ct);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        Lines.Enqueue((logLevel, text));
        if (exception is not null)
        {
            Failures.Enqueue(exception);
        }

        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        Written(text);
    }
}
