namespace FlexTls;

/// <summary>A failure of a connection or of a reload.</summary>
/// <param name="Text">
/// The text for operators, not for callers: for a refused certificate the whole verdict; for a reload each fault on its
/// own line.
/// </param>
/// <param name="At">When it happened.</param>
public sealed record UpstreamTlsError(string Text, DateTimeOffset At);
