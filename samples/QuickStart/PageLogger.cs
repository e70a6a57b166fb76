using Microsoft.Extensions.Logging;

namespace QuickStart;

/// <summary>Writes what is logged on the page, instead of the console logger, whose lines would not fit there.</summary>
internal sealed class PageLogger : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Page.Paragraph(formatter(state, exception));

    public void Dispose()
    {
    }
}
