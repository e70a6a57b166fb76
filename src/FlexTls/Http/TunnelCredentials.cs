using System.Net;

namespace FlexTls.Http;

/// <summary>
/// The user's credentials for proxies, which are asked with the address of a proxy as the user wrote it.
/// </summary>
internal sealed class TunnelCredentials(ICredentials credentials) : ICredentials
{
    /// <summary>The same credentials, for a handler that asks with addresses of tunnels.</summary>
    public static ICredentials? Of(ICredentials? credentials) =>
        // The platform knows its default credentials by their identity.
        credentials is null || ReferenceEquals(credentials, CredentialCache.DefaultCredentials)
            ? credentials
            : new TunnelCredentials(credentials);

    public NetworkCredential? GetCredential(Uri uri, string authType) =>
        credentials.GetCredential(uri is TunnelAddress tunnel ? tunnel.Proxy : uri, authType);
}
