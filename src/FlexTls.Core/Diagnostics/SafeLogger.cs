using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlexTls;

/// <summary>
/// A log that never throws: a full disk must not interrupt a reload, the watching of files or a handshake. Its provider
/// may use a client that waits for a lock, so lines that are logged under a lock can be held until it is released.
/// </summary>
internal sealed class SafeLogger : ILogger
{
    [ThreadStatic]
    private static Queue<Action>? _held;

    private readonly Lazy<ILogger> _logger;

    private SafeLogger(Func<ILoggerFactory?> loggers, string category) =>
        _logger = new Lazy<ILogger>(
            () => (loggers() ?? NullLoggerFactory.Instance).CreateLogger(category),
            LazyThreadSafetyMode.PublicationOnly);

    /// <param name="loggers">Makes the log; <see langword="null"/>: nothing is logged.</param>
    /// <param name="category">Its category.</param>
    public static ILogger Create(ILoggerFactory? loggers, string category) => Create(() => loggers, category);

    /// <param name="loggers">
    /// Returns the factory when the first line is logged: creating it may need a client that waits for the caller.
    /// </param>
    /// <param name="category">Its category.</param>
    public static ILogger Create(Func<ILoggerFactory?> loggers, string category) => new SafeLogger(loggers, category);

    /// <summary>
    /// Holds the lines that this thread logs until the result is disposed. Call it before taking a lock, and dispose
    /// the result after releasing the lock.
    /// </summary>
    /// <returns><see langword="null"/>: a caller already holds the lines.</returns>
    public static IDisposable? Hold()
    {
        if (_held is not null)
        {
            return null;
        }

        _held = [];
        return new Held();
    }

    /// <summary>Adds a line to those that this thread holds; <see langword="false"/>: it holds none now.</summary>
    public static bool TryHold(Action line)
    {
        _held?.Enqueue(line);
        return _held is not null;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _logger.Value.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        if (_held is not null)
        {
            return true;
        }

        try
        {
            return _logger.Value.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (_held is { } held)
        {
            HoldBack(held, logLevel, eventId, state, exception, formatter);
            return;
        }

        try
        {
            if (_logger.Value.IsEnabled(logLevel))
            {
                _logger.Value.Log(logLevel, eventId, state, exception, formatter);
            }
        }
        catch (Exception)
        {
            // There is no other place to report to.
        }
    }

    /// <summary>Separate, so that logging a line that is not held allocates nothing.</summary>
    private void HoldBack<TState>(
        Queue<Action> held, LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        held.Enqueue(() => Log(logLevel, eventId, state, exception, formatter));

    private sealed class Held : IDisposable
    {
        public void Dispose()
        {
            var held = _held;
            _held = null;
            while (held?.TryDequeue(out var log) == true)
            {
                log();
            }
        }
    }
}
