using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>Logs the findings of each reading, if they are new.</summary>
internal sealed partial class ReloadLog(ILogger logger)
{
    private HashSet<TlsPolicyDiagnostic> _known = [];
    private IReadOnlyList<string> _heldBack = [];

    /// <summary>
    /// Logs the findings that the previous reading did not have, and all faults if more upstreams keep their policy.
    /// </summary>
    /// <param name="found">The findings.</param>
    /// <param name="heldBack">The upstreams that keep the previous policy.</param>
    public void Found(IReadOnlyList<TlsPolicyDiagnostic> found, IReadOnlyList<string> heldBack)
    {
        var (before, news) = (_known, found.Where(diagnostic => !_known.Contains(diagnostic)).ToList());
        var heldBackNow = heldBack.Except(_heldBack).Any();
        (_known, _heldBack) = ([.. found], heldBack);
        RegistrationLog.Loaded(logger, news.Where(diagnostic => !IsError(diagnostic)));
        if (news.Any(IsError) || heldBackNow)
        {
            var upstreams = heldBack.Count == 0 ? "none" : Text.OneLine(string.Join(", ", heldBack));
            Failed(logger, upstreams, string.Join(Environment.NewLine, found.Where(IsError)));
        }
        else if (before.Any(IsError) && !found.Any(IsError))
        {
            Healed(logger);
        }
    }

    /// <summary>Logs where a reading failed, without the message, which may contain what was read.</summary>
    public static void ReadingFailed(ILogger logger, PolicySource source, Exception exception) =>
        ReadingFailed(logger, Text.OneLine(source.Shown), exception.GetType().Name, exception.StackTrace);

    private static bool IsError(TlsPolicyDiagnostic diagnostic) =>
        diagnostic.Severity == TlsPolicyDiagnosticSeverity.Error;

    [LoggerMessage(
        50, LogLevel.Error,
        "Changed policies cannot be used. Upstreams that keep the previous policy: {Upstreams}. {Faults}")]
    private static partial void Failed(ILogger logger, string upstreams, string faults);

    [LoggerMessage(51, LogLevel.Information, "All policies can be used again.")]
    private static partial void Healed(ILogger logger);

    [LoggerMessage(
        52, LogLevel.Error,
        "The waiting changes could not be checked; they are checked again in a minute, or with the next change.")]
    public static partial void LookFailed(ILogger logger, Exception exception);

    [LoggerMessage(54, LogLevel.Error, "Reading {Source} failed with {Exception}. {StackTrace}")]
    private static partial void ReadingFailed(ILogger logger, string source, string exception, string? stackTrace);

    [LoggerMessage(53, LogLevel.Error,
        "The policy of upstream '{Upstream}' could not be put in force; if it has an earlier one, that one stays.")]
    public static partial void ReplacementFailed(ILogger logger, string upstream, Exception exception);
}
