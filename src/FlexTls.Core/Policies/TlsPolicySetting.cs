namespace FlexTls;

/// <summary>A setting that the author of a policy wrote, and where.</summary>
/// <param name="Name">The key below <c>config</c>, as it is written: <c>minversion</c>, <c>extensions.pins</c>.</param>
/// <param name="Path">
/// The whole path: <c>spec.config.minversion</c> in a policy file, <c>OutboundTls:Upstreams:orders:minversion</c> in a
/// configuration.
/// </param>
/// <param name="FileName">The file; <see langword="null"/>: a configuration, or a text without a name.</param>
/// <param name="Line">The line in the file, counted from 1; 0: unknown.</param>
/// <param name="Column">The column, counted from 1; 0: unknown.</param>
public sealed record TlsPolicySetting(string Name, string Path, string? FileName, int Line, int Column);
