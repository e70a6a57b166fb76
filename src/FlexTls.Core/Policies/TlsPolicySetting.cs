namespace FlexTls;

/// <summary>A setting that the author of a policy wrote, and where.</summary>
public sealed record TlsPolicySetting
{
    /// <summary>
    /// The key below <c>config</c>, as it is written: <c>minversion</c>, <c>extensions.pins</c>.
    /// </summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// The whole path: <c>spec.config.minversion</c> in a policy file, <c>OutboundTls:Upstreams:orders:minversion</c>
    /// in a configuration.
    /// </summary>
    public string Path { get; init; } = "";

    /// <summary>The file; <see langword="null"/>: a configuration, or a text without a name.</summary>
    public string? FileName { get; init; }

    /// <summary>The line in the file, counted from 1; 0: unknown.</summary>
    public int Line { get; init; }

    /// <summary>The column, counted from 1; 0: unknown.</summary>
    public int Column { get; init; }
}
