namespace FlexTls;

/// <summary>A clock that stands still at the time of <c>--at</c>.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
