namespace FlexTls;

/// <summary>
/// One call of <c>AddOutboundTls</c> on a client: for the Service of the client's name, for another Service, or with a
/// policy.
/// </summary>
/// <param name="Service">The Service as written; <see langword="null"/>: the client's own name, or a policy.</param>
/// <param name="Policy">The policy; <see langword="null"/>: that of the Service.</param>
internal sealed record ClientBinding(string? Service, PolicyInCode? Policy)
{
    public bool IsSameAs(ClientBinding other) =>
        Service == other.Service
        && (Policy is null ? other.Policy is null : other.Policy is not null && Policy.IsSameAs(other.Policy));

    /// <summary>The call as messages show it.</summary>
    public override string ToString() => this switch
    {
        { Policy: not null } => "AddOutboundTls(policy)",
        { Service: not null } => $"AddOutboundTls(\"{Service}\")",
        _ => "AddOutboundTls()",
    };
}
