using System.Collections.Concurrent;

namespace FlexTls;

/// <summary>Finds an upstream by the name that a user gives it.</summary>
/// <param name="upstreams">The upstreams.</param>
/// <param name="emptyFiles">The policy files that were read and contain no policy.</param>
internal sealed class UpstreamDirectory<T>(
    IReadOnlyDictionary<UpstreamKey, T> upstreams, IReadOnlyList<string>? emptyFiles = null)
    where T : class
{
    private const int MostEdits = 3;
    private const int MostEditsOfClient = 2;
    private const int MostShown = 10;

    // A namespace, '/' and a name.
    private const int LongestName = 2 * 253 + 1;

    private const int MostRemembered = 1000;

    private readonly ILookup<string, UpstreamKey> _byService =
        upstreams.Keys.ToLookup(key => key.Name!, StringComparer.Ordinal);

    private readonly Lazy<ILookup<string, UpstreamKey>> _inAnyCase = new(() => upstreams.Keys
        .SelectMany(key => new[] { key.Name!, key.ToString() }.Distinct().Select(name => (Name: name, Key: key)))
        .ToLookup(service => service.Name, service => service.Key, StringComparer.OrdinalIgnoreCase));

    // Comparing a name with thousands of others takes milliseconds, and may happen for each request that is refused.
    private readonly ConcurrentDictionary<UpstreamKey, string> _known = new();

    public IEnumerable<UpstreamKey> Keys => upstreams.Keys;

    public T this[UpstreamKey name] => upstreams[name];

    /// <summary>
    /// The upstream of a name: with its namespace, exactly that one; without, that of the namespace <c>default</c>, or
    /// else the only one. Otherwise <see langword="null"/> and the reason, with the name that was probably meant.
    /// </summary>
    public UpstreamKey? Find(string text, out string code, out string problem)
    {
        var found = FindOrTell(text, out code, out problem);
        if (code == DiagnosticCodes.NoPolicyForClient)
        {
            problem = $"{problem[..^1]}; {Known(UpstreamKey.TryParse(text)!)}";
        }

        return found;
    }

    /// <summary>The Services that have this name, with or without their namespaces, letter case aside.</summary>
    public IReadOnlyCollection<UpstreamKey> InAnyCase(string name) => [.. _inAnyCase.Value[name]];

    /// <summary>As <see cref="Find"/>, but a name that is not found is compared with no other.</summary>
    public UpstreamKey? FindOrTell(string text, out string code, out string problem)
    {
        (code, problem) = ("", "");
        if (text.Length > LongestName || UpstreamKey.TryParse(text) is not { } name)
        {
            (code, problem) = (DiagnosticCodes.NotAServiceName,
                $"{Text.Quote(text)} is not the name of a Service; write orders or payments/orders. Policy files are "
                + "named by services.AddOutboundTls(tls => tls.AddPolicyFile(…)).");
            return null;
        }

        if (upstreams.ContainsKey(name))
        {
            return name;
        }

        var others = UpstreamKey.IsQualified(text) ? [] : _byService[name.Name!].ToList();
        switch (others.Count)
        {
            case 1:
                return others[0];
            case 0:
                (code, problem) =
                    (DiagnosticCodes.NoPolicyForClient, $"there is no policy for a Service '{name}'.");
                return null;
            default:
                (code, problem) = (DiagnosticCodes.AmbiguousService,
                    $"there are policies for {others.Count} Services '{name}'; write which one is meant: "
                    + $"{string.Join(", ", others.Select(other => $"\"{other}\"").Order(StringComparer.Ordinal))}.");
                return null;
        }
    }

    /// <summary>The Service whose name is close to a client's; <see langword="null"/>: none.</summary>
    public UpstreamKey? FindNear(string client)
    {
        // A few edits turn a short name into another word.
        var mostEdits = Math.Min(MostEditsOfClient, client.Length / 4);
        var shown = NearestName.Find(client, Keys.Select(name => name.ToString()), mostEdits);
        var service = shown ?? NearestName.Find(client, Keys.Select(name => name.Name!), mostEdits);
        return service is null ? null : Keys.First(name => name.ToString() == service || name.Name == service);
    }

    private string Known(UpstreamKey name)
    {
        if (_known.TryGetValue(name, out var known))
        {
            return known;
        }

        known = Compare(name);
        return _known.Count < MostRemembered ? _known.GetOrAdd(name, known) : known;
    }

    private string Compare(UpstreamKey name)
    {
        var names = Keys.Select(known => known.ToString()).Order(StringComparer.Ordinal).ToList();
        var more = names.Count > MostShown ? $" and {names.Count - MostShown} more" : "";
        return names.Count == 0 ? WhyNone()
            : NearestName.Find(name.ToString(), names, MostEdits) is { } nearest
                ? $"did you mean {Text.Quote(nearest)}?"
            : $"there are policies for {string.Join(", ", names.Take(MostShown).Select(Text.Quote))}{more}.";
    }

    private string WhyNone() => emptyFiles is [var first, ..]
        ? $"no policy is registered: {Text.Quote(first)} was read"
            + (emptyFiles.Count > 1 ? $", and {Text.Count(emptyFiles.Count - 1, "more file")}," : "")
            + $" and holds no {FlexResource.TlsOutbound} binding."
        : "no policy is registered: add one with services.AddOutboundTls(tls => tls.AddPolicyFile(…)).";
}
