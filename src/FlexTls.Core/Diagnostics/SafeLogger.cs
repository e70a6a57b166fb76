using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlexTls.Diagnostics;

/// <summary>
/// The log, which never throws: a full disk must not end a reload in the middle, the watching of files or a handshake.
/// It may use a client that waits for a lock, so lines that are logged under a lock can be held until it is released.
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
    /// Finds what makes the log when the first line is logged: making it may need a client that waits for the caller.
    /// </param>
    /// <param name="category">Its category.</param>
    public static ILogger Create(Func<ILoggerFactory?> loggers, string category) => new SafeLogger(loggers, category);

    /// <summary>
    /// Holds what this thread logs until the result is disposed. Called before a lock is taken, it is disposed after
    /// the lock is released.
    /// </summary>
    /// <returns><see langword="null"/>: a caller holds the lines already.</returns>
    public static IDisposable? Hold()
    {
        if (_held is not null)
        {
            return null;
        }

        _held = [];
        return new Held();
    }

    /// <summary>Holds a line with those that this thread logs; <see langword="false"/>: it holds none now.</summary>
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

    /// <summary>Apart, so that a line that nothing holds back allocates nothing.</summary>
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
