using System.Globalization;

namespace FlexTls;

/// <summary>Calls the user's code, such as a provider of secrets, with a time limit. Thread-safe.</summary>
internal sealed class BoundedCalls(TimeProvider clock)
{
    /// <summary>How many seconds a call may take.</summary>
    public const int Patience = 30;

    private const int LongestFinding = 500;

    private readonly BoundedReads _calls = new(clock);

    /// <summary>Makes a call on a thread of its own.</summary>
    /// <param name="question">Identifies the call; one that hangs is not repeated before it returns.</param>
    /// <param name="call">The call; its token is canceled when the time is over.</param>
    /// <param name="patience">How many seconds it may take.</param>
    /// <param name="isExcused">Whether the call waits for something that has a time limit of its own.</param>
    /// <returns>
    /// The answer; or why there is none, in words that follow the name of what was called, and whether the time was up.
    /// </returns>
    public (T? Answer, string? Problem, bool IsLate) Ask<T>(
        string question, Func<CancellationToken, ValueTask<T>> call, int patience = Patience,
        Func<bool>? isExcused = null)
    {
        var (limit, scope) = (new CancellationTokenSource(), LoadScope.Current);
        try
        {
            return _calls.Ask(
                question, "", () => LoadScope.Run(scope, () => Answer(call, limit.Token)), patience, isExcused);
        }
        catch (TimeoutException)
        {
            limit.CancelInBackground();
            return (default, string.Create(CultureInfo.InvariantCulture, $"does not answer within {patience} s"), true);
        }
    }

    private static (T? Answer, string? Problem, bool IsLate) Answer<T>(
        Func<CancellationToken, ValueTask<T>> call, CancellationToken limit)
    {
        try
        {
            return (call(limit).AsTask().GetAwaiter().GetResult(), null, false);
        }
        catch (Exception e)
        {
            return (default, $"failed ({e.GetType().Name}{FindingIn(e)})", false);
        }
    }

    /// <summary>The message of a finding of ours. Others may contain what the code reads.</summary>
    private static string FindingIn(Exception? exception)
    {
        while (exception is not (null or TlsPolicyException))
        {
            exception = exception.InnerException;
        }

        return exception is TlsPolicyException { Diagnostics: [var first, ..] }
            ? $": {first.Code}: {Text.Cut(Text.OneLine(first.Message), LongestFinding).TrimEnd('.')}" : "";
    }
}
