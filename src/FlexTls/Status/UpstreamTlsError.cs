namespace FlexTls;

/// <summary>A failure of a connection or of a reload.</summary>
public sealed record UpstreamTlsError
{
    /// <summary>
    /// The text for operators, not for callers: for a refused certificate the whole verdict; for a reload each fault on
    /// its own line.
    /// </summary>
    public string Text { get; init; } = "";

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }
}
