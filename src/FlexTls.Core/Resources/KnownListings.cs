using System.Collections.Concurrent;

namespace FlexTls;

/// <summary>
/// The files of each name when the name could last be looked up: a folder that does not answer has not lost its
/// policies. Thread-safe.
/// </summary>
internal sealed class KnownListings
{
    private readonly ConcurrentDictionary<string, (
        List<string> Files, bool Alone)> _listings = new(StringComparer.Ordinal);

    /// <summary>The listing itself; if it failed, the previous one, if there is one.</summary>
    public (List<string> Files, bool Alone)? Latest(string name, (List<string> Files, bool Alone)? listing)
    {
        if (listing is { } made)
        {
            _listings[name] = made;
            return made;
        }

        return _listings.TryGetValue(name, out var known) ? known : null;
    }
}
