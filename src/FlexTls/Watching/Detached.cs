namespace FlexTls;

/// <summary>
/// Keeps the caller's execution context, perhaps that of a request, out of timers and tasks that outlive the caller.
/// </summary>
internal static class Detached
{
    /// <summary>
    /// Until the result is disposed, new timers and tasks do not capture the caller's execution context.
    /// </summary>
    public static IDisposable? Begin() => ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
}
