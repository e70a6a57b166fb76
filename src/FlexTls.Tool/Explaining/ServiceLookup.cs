namespace FlexTls;

/// <summary>Finds the policy that is used for a URL, and says why others are not.</summary>
internal static class ServiceLookup
{
    /// <summary>The upstreams whose Service has the host and the port of a URL.</summary>
    public static IReadOnlyList<UpstreamTlsStatus> Find(IReadOnlyList<UpstreamTlsStatus> upstreams, Uri url) =>
        [.. upstreams.Where(upstream => upstream.Addresses.Any(address => IsSame(address, url)))];

    /// <summary>Why none has it, in words.</summary>
    public static IEnumerable<string> WhyNot(IReadOnlyList<UpstreamTlsStatus> upstreams, Uri url)
    {
        var described = upstreams.SelectMany(
            upstream => upstream.Addresses.Select(address => (upstream, address))).ToList();
        foreach (var (upstream, address) in described.Where(one => HasHost(one.address, url)))
        {
            yield return $"{upstream.Name}: its Service is at {address.OriginalString}, on another port";
        }

        var undescribed = upstreams.Where(upstream => upstream.Addresses.Count == 0).Select(one => one.Name).ToList();
        if (undescribed.Count > 0)
        {
            yield return $"no Service gives an address for: {ShownNames.Of(undescribed)}";
        }

        if (described.Count > 0 && !described.Exists(one => HasHost(one.address, url)))
        {
            yield return $"no Service has the host {url.IdnHost}";
        }
    }

    private static bool HasHost(Uri address, Uri url) =>
        string.Equals(address.IdnHost, url.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>A plain-text address without a port says nothing about the port of TLS.</summary>
    private static bool IsSame(Uri address, Uri url) => HasHost(address, url)
        && (address.Port == url.Port || (address.IsDefaultPort && address.Scheme != Uri.UriSchemeHttps));
}
