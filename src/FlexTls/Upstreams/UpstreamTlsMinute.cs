namespace FlexTls;

/// <summary>What became of an upstream's connections in one minute.</summary>
/// <param name="At">The beginning of the minute.</param>
/// <param name="Handshakes">How many handshakes succeeded.</param>
/// <param name="Failures">
/// How many connections failed or were refused, and how many requests were refused before a connection was made.
/// </param>
public sealed record UpstreamTlsMinute(DateTimeOffset At, int Handshakes, int Failures);
