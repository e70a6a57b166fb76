using FlexTls.Sources;

namespace FlexTls.Upstreams;

/// <summary>What clients were bound to by calls: the policy of a Service, or one of their own.</summary>
/// <param name="ByName">What single clients were bound to.</param>
/// <param name="ForAll">
/// What all others were bound to; <see langword="null"/>: nothing, or each to the Service of its name.
/// </param>
internal sealed record ClientBindings(IReadOnlyDictionary<string, UpstreamKey> ByName, UpstreamKey? ForAll)
{
    public static ClientBindings None { get; } = new(new Dictionary<string, UpstreamKey>(), null);

    /// <summary>The upstreams that clients were bound to.</summary>
    public IReadOnlySet<UpstreamKey> Keys { get; } =
        ByName.Values.Concat(ForAll is { } all ? [all] : []).ToHashSet();
}
