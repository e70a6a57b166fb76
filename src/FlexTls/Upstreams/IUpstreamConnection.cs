namespace FlexTls;

/// <summary>An open connection to an upstream.</summary>
internal interface IUpstreamConnection
{
    /// <summary>The connected host.</summary>
    string Host { get; }

    /// <summary>Whether the server is a redirect target at another authority, and not the upstream.</summary>
    bool IsRedirectTarget { get; }

    /// <summary>The chains that the server presented; empty: none yet.</summary>
    IReadOnlyCollection<PresentedChain> Presented { get; }

    /// <summary>Whether it has no TLS, which only the policy allows.</summary>
    bool NeedsPlainHttp { get; }

    /// <summary>Whether it is still open.</summary>
    bool IsOpen { get; }

    /// <summary>Whether it leads to its server: a proxy may refuse to.</summary>
    bool LeadsToServer { get; }

    /// <summary>Closes it. Work under way fails with this reason.</summary>
    void End(string reason);
}
