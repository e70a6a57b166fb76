namespace FlexTls;

/// <summary>The bindings of clients by calls: to the policy of a Service, or to one of their own.</summary>
/// <param name="ByName">The upstreams of single clients.</param>
/// <param name="ForAll">
/// The upstream of all others; <see langword="null"/>: none, or for each the Service of its name.
/// </param>
internal sealed record ClientBindings(IReadOnlyDictionary<string, UpstreamKey> ByName, UpstreamKey? ForAll)
{
    public static ClientBindings None { get; } = new(new Dictionary<string, UpstreamKey>(), null);

    /// <summary>The upstreams that clients were bound to.</summary>
    public IReadOnlySet<UpstreamKey> Keys { get; } =
        ByName.Values.Concat(ForAll is { } all ? [all] : []).ToHashSet();
}
