namespace FlexTls;

/// <summary>Where the policy in force is weaker than the last confirmed one.</summary>
public sealed class UpstreamTlsWeakening
{
    /// <summary>What protects less, in words.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>
    /// Since when a policy has been in force that is weaker than the last confirmed one; <see cref="Reasons"/> may have
    /// changed since.
    /// </summary>
    public DateTimeOffset Since { get; init; }
}
