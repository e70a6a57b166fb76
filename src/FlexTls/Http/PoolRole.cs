namespace FlexTls;

/// <summary>The requests that a connection pool serves.</summary>
internal enum PoolRole
{
    /// <summary>Callers' requests, to the upstream.</summary>
    Upstream,

    /// <summary>Redirects within the upstream's authority, which must not get the handler's credentials.</summary>
    UpstreamWithoutCredentials,

    /// <summary>Redirects to another authority: no client certificate, full validation.</summary>
    RedirectTarget,
}
