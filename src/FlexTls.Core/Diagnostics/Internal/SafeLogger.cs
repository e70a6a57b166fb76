using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlexTls.Diagnostics;

/// <summary>
/// The log, which never throws: a full disk must not end a reload in the middle, the watching of files or a handshake.
/// </summary>
internal sealed class SafeLogger : ILogger
{
    private readonly ILogger _logger;

    private SafeLogger(ILogger logger) => _logger = logger;

    /// <param name="loggers">Makes the log; <see langword="null"/>: nothing is logged.</param>
    public static ILogger Create(ILoggerFactory? loggers) =>
        new SafeLogger((loggers ?? NullLoggerFactory.Instance).CreateLogger("FlexTls"));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return _logger.IsEnabled(logLevel);
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
        try
        {
            _logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is no other place to report to.
        }
    }
}
