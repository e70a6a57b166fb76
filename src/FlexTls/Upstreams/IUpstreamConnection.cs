using FlexTls.Validation;

namespace FlexTls.Upstreams;

/// <summary>An open connection to an upstream.</summary>
internal interface IUpstreamConnection
{
    /// <summary>The host that was connected.</summary>
    string Host { get; }

    /// <summary>Whether the server is a redirect target at another authority, and not the upstream.</summary>
    bool IsRedirectTarget { get; }

    /// <summary>What the server presented; empty: nothing yet.</summary>
    IReadOnlyCollection<PresentedChain> Presented { get; }

    /// <summary>Whether it has no TLS, and only because the policy allows that.</summary>
    bool NeedsPlainHttp { get; }

    /// <summary>Whether it is not closed yet.</summary>
    bool IsOpen { get; }

    /// <summary>Closes it. What is under way fails with this reason.</summary>
    void End(string reason);
}
