namespace FlexTls;

/// <summary>A failure of a connection or of a reload.</summary>
/// <param name="Text">
/// The text for operators: for a refused certificate the whole verdict, in several lines. Not for callers.
/// </param>
/// <param name="At">When it happened.</param>
public sealed record UpstreamTlsError(string Text, DateTimeOffset At);
