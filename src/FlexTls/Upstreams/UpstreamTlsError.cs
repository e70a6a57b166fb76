namespace FlexTls;

/// <summary>A failure of a connection or of a reload.</summary>
public sealed record UpstreamTlsError
{
    /// <summary>
    /// The code, described in docs/errors.md; for a reload with several faults, that of the first error;
    /// <see langword="null"/>: it has none.
    /// </summary>
    public string? Code { get; init; }

    /// <summary>
    /// The text for operators, not for callers: for a refused certificate the whole verdict; for a reload each fault on
    /// its own line.
    /// </summary>
    public string Message { get; init; } = "";

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }
}
