namespace FlexTls.Sources;

/// <summary>
/// One call of the registration, a service of its own: so a collection of services that is copied, or built twice,
/// takes along what was called on it and nothing that is called on another one.
/// </summary>
internal sealed record SourceCall(Action<OutboundTlsSources> Apply);
