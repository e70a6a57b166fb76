namespace FlexTls;

/// <summary>The failures of an upstream's connections with one code.</summary>
public sealed record UpstreamTlsFailure
{
    /// <summary>The code, described in docs/errors.md.</summary>
    public string Code { get; init; } = "";

    /// <summary>How many there were.</summary>
    public int Count { get; init; }

    /// <summary>When the first one happened.</summary>
    public DateTimeOffset FirstAt { get; init; }

    /// <summary>When the last one happened.</summary>
    public DateTimeOffset LastAt { get; init; }

    /// <summary>The message of the last one. Contains no secret.</summary>
    public string Message { get; init; } = "";
}
