using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>
/// The log messages about watching. The text of an exception of user code may contain what that code reads.
/// </summary>
internal static partial class WatchingLog
{
    public static void ChangesFailed(ILogger logger, Exception exception) =>
        ChangesFailed(logger, exception.GetType().Name, exception.StackTrace);

    public static void StepFailed(ILogger logger, Exception exception) =>
        StepFailed(logger, exception.GetType().Name, exception.StackTrace);

    [LoggerMessage(
        30, LogLevel.Warning,
        "Folder '{Folder}' cannot be watched: {Reason} Changes there, and in other folders that cannot be watched, are "
        + "found by the regular poll, later than usual. If the system is out of watches (Linux), raise "
        + "fs.inotify.max_user_instances and max_user_watches.")]
    public static partial void NoWatch(ILogger logger, string folder, string reason);

    [LoggerMessage(
        31, LogLevel.Error,
        "Changes were found but could not be processed ({Exception}); they are tried again at the next poll. "
        + "{StackTrace}")]
    private static partial void ChangesFailed(ILogger logger, string exception, string? stackTrace);

    [LoggerMessage(
        32, LogLevel.Error,
        "A step of watching failed ({Exception}); watching continues, and the next poll finds what was missed. "
        + "{StackTrace}")]
    private static partial void StepFailed(ILogger logger, string exception, string? stackTrace);

    [LoggerMessage(
        33, LogLevel.Error,
        "Watching has made no progress since {Since:u}: a file system, a configuration provider, a log or other "
        + "code of the program does not answer. Changes to policies go unnoticed until it does; repair it, or restart "
        + "the program.")]
    public static partial void Hangs(ILogger logger, DateTimeOffset since);
}
