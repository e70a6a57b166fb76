using System.Collections.Concurrent;

namespace FlexTls;

/// <summary>
/// Names that become attributes of measurements. A program may use any number; of those that come after the first ones,
/// the measurements are added up under one name, so that neither memory nor a monitoring system is flooded.
/// </summary>
internal sealed class BoundedNames(int most)
{
    /// <summary>The name that the conventions of OpenTelemetry give to values outside a bounded set.</summary>
    public const string Other = "_OTHER";

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>The name itself, or <see cref="Other"/>.</summary>
    public string Bound(string name)
    {
        if (_known.ContainsKey(name))
        {
            return name;
        }

        lock (_lock)
        {
            return _known.Count < most && _known.TryAdd(name, name) || _known.ContainsKey(name) ? name : Other;
        }
    }
}
