namespace FlexTls.Interop;

/// <summary>The client certificate of a policy.</summary>
public enum ClientIdentityKind
{
    None,

    /// <summary>Of an intermediate under the root that servers trust.</summary>
    Trusted,

    /// <summary>Of that root itself: such sessions are resumed.</summary>
    OfTheRoot,

    /// <summary>Of a CA that no server knows.</summary>
    Foreign,
}
