namespace FlexTls;

/// <summary>When a reload began, by both clocks: everything read since then is newer.</summary>
/// <param name="Now">The time.</param>
/// <param name="Timestamp">The time on a monotonic clock.</param>
/// <param name="IsConfirmed">Whether the caller confirms that the files are ready.</param>
internal readonly record struct ReloadMoment(DateTimeOffset Now, long Timestamp, bool IsConfirmed)
{
    /// <summary>Whether it is the first load.</summary>
    public bool IsFirst { get; init; }

    public static ReloadMoment Of(TimeProvider clock, bool isConfirmed = false) =>
        new(clock.GetUtcNow(), clock.GetTimestamp(), isConfirmed);
}
