namespace FlexTls;

/// <summary>The failures of an upstream's connections with one code.</summary>
/// <param name="Code">The code, described in docs/errors.md.</param>
/// <param name="Count">How many there were.</param>
/// <param name="First">When the first one happened.</param>
/// <param name="Last">When the last one happened.</param>
/// <param name="Message">The message of the last one. Contains no secret.</param>
public sealed record UpstreamTlsFailure(
    string Code, int Count, DateTimeOffset First, DateTimeOffset Last, string Message);
