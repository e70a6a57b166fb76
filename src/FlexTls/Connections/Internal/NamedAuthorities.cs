using System.Collections.Concurrent;
using FlexTls.Policies;

namespace FlexTls.Connections;

/// <summary>
/// Which servers the callers of a handler named, and which only a redirect did. Who comes first decides, for good: a
/// retry sends a request again as the redirect left it, and must not make its target a named one.
/// </summary>
internal sealed class NamedAuthorities
{
    private readonly ConcurrentDictionary<Authority, bool> _isNamed = new();

    /// <summary>A caller's request names a server. Allocates only for one that was not met before.</summary>
    public void Name(Uri uri)
    {
        var authority = Authority.Of(uri);
        if (!_isNamed.ContainsKey(authority))
        {
            _isNamed.TryAdd(authority, true);
        }
    }

    /// <summary>Whether a caller named the server that is being connected; if not, none can any more.</summary>
    public bool IsNamed(Authority authority) => _isNamed.GetOrAdd(authority, false);

    /// <summary>Whether a caller named a server of this host, on whatever port.</summary>
    public bool IsNamed(HostName host) => _isNamed.Any(entry => entry.Value && HostName.TryParse(entry.Key.Host) == host);
}
