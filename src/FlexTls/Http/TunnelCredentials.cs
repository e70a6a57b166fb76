using System.Net;

namespace FlexTls;

/// <summary>
/// The user's credentials for proxies. They are looked up by the proxy's address as the user wrote it.
/// </summary>
internal sealed class TunnelCredentials(ICredentials credentials) : ICredentials
{
    /// <summary>The same credentials, for a handler that looks them up by tunnel addresses.</summary>
    public static ICredentials? Of(ICredentials? credentials) =>
        // The platform recognizes its default credentials by reference.
        credentials is null || ReferenceEquals(credentials, CredentialCache.DefaultCredentials)
            ? credentials
            : new TunnelCredentials(credentials);

    public NetworkCredential? GetCredential(Uri uri, string authType) =>
        credentials.GetCredential(uri is TunnelAddress tunnel ? tunnel.Proxy : uri, authType);
}
