namespace FlexTls.Sources;

/// <summary>
/// One call of the registration, a service of its own: so a collection of services that is copied, or built twice,
/// takes along what was called on it and nothing that is called on another one.
/// </summary>
internal sealed record SourceCall(Action<OutboundTlsSources> Apply)
{
    /// <summary>What all calls together registered.</summary>
    public static OutboundTlsSources ApplyAll(IEnumerable<SourceCall> calls)
    {
        var sources = new OutboundTlsSources();
        foreach (var call in calls)
        {
            call.Apply(sources);
        }

        return sources;
    }
}
