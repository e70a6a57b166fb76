namespace FlexTls;

/// <summary>One policy as read from a source.</summary>
/// <param name="Key">Its owner; <see langword="null"/> after a reported fault in its name.</param>
/// <param name="Registered">The policy; <see langword="null"/> if it has an error.</param>
/// <param name="Diagnostics">The findings in this policy.</param>
internal sealed record NamedPolicy(
    UpstreamKey? Key, RegisteredPolicy? Registered, IReadOnlyList<TlsPolicyDiagnostic> Diagnostics)
{
    /// <summary>A policy with its findings.</summary>
    /// <param name="key">Its owner.</param>
    /// <param name="policy">The policy; <see langword="null"/> if it has an error.</param>
    /// <param name="source">Where it is written, in words.</param>
    /// <param name="place">Where it is written.</param>
    /// <param name="found">The findings in it.</param>
    public static NamedPolicy Of(
        UpstreamKey? key, OutboundTlsPolicy? policy, string source, Place place, DiagnosticList found) =>
        new(
            key, policy is null || found.HasErrors ? null : new RegisteredPolicy(policy, source, place),
            found.InFileOrder());

    /// <summary>A policy in a section of the configuration.</summary>
    public static NamedPolicy Of(SectionPolicy policy) => Of(
        policy.Target is { } target ? UpstreamKey.Of(target) : null,
        policy.Policy, policy.Place.Path, policy.Place, policy.Found);
}
