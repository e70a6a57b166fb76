namespace FlexTls.Connections;

/// <summary>Which requests a pool of connections serves.</summary>
internal enum PoolRole
{
    /// <summary>What callers send, to the authority that they name: that is the upstream.</summary>
    Upstream,

    /// <summary>Redirects within that authority, where the handler's credentials must not answer.</summary>
    UpstreamWithoutCredentials,

    /// <summary>Redirects to another authority, which no caller named.</summary>
    RedirectTarget,
}
