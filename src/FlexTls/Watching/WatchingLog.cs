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
        + "found by the regular poll, later than usual. On Linux, raise fs.inotify.max_user_instances and "
        + "max_user_watches.")]
    public static partial void NoWatch(ILogger logger, string folder, string reason);

    [LoggerMessage(
        31, LogLevel.Error,
        "Changes were found but could not be processed ({Exception}); they are tried again at the next poll. "
        + "{StackTrace}")]
    private static partial void ChangesFailed(ILogger logger, string exception, string? stackTrace);

    [LoggerMessage(
        32, LogLevel.Error,
        "A step of watching failed ({Exception}); watching goes on, and the next poll makes up for it. {StackTrace}")]
    private static partial void StepFailed(ILogger logger, string exception, string? stackTrace);

    [LoggerMessage(
        33, LogLevel.Error,
        "Watching has made no progress since {Since:u}: something that it reads, or a log, does not answer. Changes to "
        + "policies go unnoticed until it does.")]
    public static partial void Hangs(ILogger logger, DateTimeOffset since);
}
