namespace FlexTls.Watching;

/// <summary>What outlives its caller, perhaps a request, must keep nothing of the caller's execution context.</summary>
internal static class Detached
{
    /// <summary>Timers and tasks that are made until the end of this know nothing of the caller.</summary>
    public static IDisposable? Begin() => ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
}
