namespace FlexTls;

/// <summary>What became of an upstream's connections in one minute.</summary>
public sealed record UpstreamTlsMinute
{
    /// <summary>The beginning of the minute.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>How many handshakes succeeded.</summary>
    public int Handshakes { get; init; }

    /// <summary>
    /// How many connections failed or were refused, and how many requests were refused before a connection was made.
    /// </summary>
    public int Failures { get; init; }
}
