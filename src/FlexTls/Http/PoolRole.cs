namespace FlexTls.Http;

/// <summary>Which requests a pool of connections serves.</summary>
internal enum PoolRole
{
    /// <summary>Callers' requests, to the upstream.</summary>
    Upstream,

    /// <summary>Redirects within the upstream's authority, where the handler's credentials must not answer.</summary>
    UpstreamWithoutCredentials,

    /// <summary>Redirects to another authority: no client certificate, full validation.</summary>
    RedirectTarget,
}
