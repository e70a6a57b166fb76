namespace FlexTls;

/// <summary>Options of a single request.</summary>
public static class OutboundTlsRequest
{
    private static readonly HttpRequestOptionsKey<string> UpstreamKey = new("FlexTls.Upstream");
    private static volatile bool _mayBeSet;

    /// <summary>
    /// Chooses the upstream, and with it the policy, of one request:
    /// <c>request.Options.Set(OutboundTlsRequest.Upstream, "tenant-7")</c>. The value is the name of a Service, as for
    /// <see cref="IOutboundTlsContextProvider.GetContext"/>; nothing else in a request chooses. Connections, sessions
    /// and cookies of different upstreams are separate. A name without a policy is refused (FTLS7001), and so is a
    /// choice that the client does not allow (FTLS7030).
    /// </summary>
    public static HttpRequestOptionsKey<string> Upstream
    {
        get
        {
            _mayBeSet = true;
            return UpstreamKey;
        }
    }

    /// <summary>
    /// The upstream that a request chooses; <see langword="null"/>: none. What is no name, such as a tenant that is
    /// <see langword="null"/> by mistake, is a choice that no upstream fits. Until some code asks for the key, no
    /// request can have it: looking for it would give each request a dictionary.
    /// </summary>
    internal static string? ChosenBy(HttpRequestMessage request) =>
        _mayBeSet && ((IDictionary<string, object?>)request.Options).TryGetValue(UpstreamKey.Key, out var name)
            ? name as string ?? "" : null;
}
