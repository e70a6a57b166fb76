using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace FlexTls;

/// <summary>A mapping in a configuration, whose places are configuration paths.</summary>
internal sealed class PolicySection(
    IConfiguration section, string path, ConfigurationProviders providers, DiagnosticList diagnostics) : IPolicySection
{
    private readonly Dictionary<string, IConfigurationSection> _children = section.GetChildren().ToDictionary(
        child => child.Key, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public Place Place => new(path);

    public IEnumerable<string> Keys => _children.Keys;

    public bool Has(string key) => Find(key) is not null;

    public Place PlaceOfKey(string key) => new(PathOf(key));

    public PolicyValue? Scalar(string key)
    {
        if (Find(key) is not { } child)
        {
            return null;
        }

        if (!child.GetChildren().Any())
        {
            return new PolicyValue(child.Value ?? "", PlaceOfKey(key));
        }

        diagnostics.Error(DiagnosticCodes.WrongNode, PlaceOfKey(key),
            $"{PathOf(key)} must be one value{HintOfLines(child)}.");
        return null;
    }

    IPolicySection? IPolicySection.Section(string key) => Section(key);

    public PolicySection? Section(string key) =>
        Find(key) is { } child ? Section(child, PathOf(key), diagnostics, mayBeEmpty: false) : null;

    /// <summary>The mapping below a key, empty if nothing is below; its faults go to a separate list.</summary>
    public PolicySection? Section(string key, DiagnosticList own) =>
        Find(key) is { } child ? Section(child, PathOf(key), own, mayBeEmpty: true) : null;

    public IReadOnlyList<IPolicySection>? Sections(string key) =>
        Items(key, "mappings", nothingIsEmpty: true)?
            .Select(item => Section(item, PathOfItem(key, item), diagnostics, mayBeEmpty: false))
            .OfType<PolicySection>().ToList();

    public IReadOnlyList<PolicyValue>? List(string key, bool nothingIsEmpty = false)
    {
        const string Entries = "values";
        if (Items(key, Entries, nothingIsEmpty) is not { } items)
        {
            return null;
        }

        if (items.Any(item => item.GetChildren().Any()))
        {
            ReportNoList(key, Entries);
            return null;
        }

        return [.. items.Select(item => new PolicyValue(item.Value ?? "", new Place(PathOfItem(key, item))))];
    }

    public void RejectOthers()
    {
        foreach (var key in _children.Keys.Where(key => !_known.Contains(key)))
        {
            diagnostics.Error(
                DiagnosticCodes.UnknownKey, PlaceOfKey(key), $"unknown key '{PathOf(key)}'; {HintOf(key)}");
        }
    }

    private string HintOf(string key)
    {
        var (nearest, hint) = NearestName.OfKey(key, _known, path, ':');
        if (nearest == SectionKeys.PolicyFiles && !IsList(_children[key]))
        {
            return $"did you mean {SectionKeys.Upstreams}?";
        }

        return _known.Contains("extensions") && key.Equals("name", StringComparison.OrdinalIgnoreCase)
            ? $"{SectionKeys.Upstreams} is not a list; "
                + "write the keys of config below the name of the Service."
            : hint;
    }

    /// <summary>Whether the keys below it, if any, are all numbers.</summary>
    private static bool IsList(IConfigurationSection section) =>
        section.GetChildren().All(child => int.TryParse(child.Key, out _));

    private static string HintOfLines(IConfigurationSection list) =>
        list.GetChildren().Any(item => item.Value?.Contains("-----BEGIN ", StringComparison.Ordinal) == true)
            ? @"; PEM text is one text with '\n' for each line break, or file:PATH"
            : IsList(list) ? KeyShapes.OfText(list.Path)
            : "";

    private PolicySection? Section(IConfigurationSection child, string childPath, DiagnosticList found, bool mayBeEmpty)
    {
        // A key can have both a value from one provider and keys below it from another: neither is dropped silently.
        if (child.Value is not null || (!mayBeEmpty && !child.GetChildren().Any()))
        {
            var (code, fault) = string.IsNullOrEmpty(child.Value)
                ? (DiagnosticCodes.EmptyValue, "is empty; write its keys below it, or leave it out to get the default.")
                : (DiagnosticCodes.WrongNode, $"must have keys below it, not a value{KeyShapes.OfMapping(childPath)}.");
            found.Error(code, new Place(childPath), $"{childPath} {fault}");
            return null;
        }

        return new PolicySection(child, childPath, providers, found);
    }

    /// <summary>
    /// The entries of a list, whatever they are; <see langword="null"/> if it was left out or is not a list.
    /// </summary>
    private IReadOnlyList<IConfigurationSection>? Items(string key, string entries, bool nothingIsEmpty)
    {
        if (Find(key) is not { } child)
        {
            return null;
        }

        var items = child.GetChildren().ToList();
        if (items.Count == 0)
        {
            return Empty(child, key, nothingIsEmpty);
        }

        // Not with the platform's binder, which reads an empty list as none and merges the lists of two providers by
        // index.
        if (providers.FindSecondOf(child.Path) is { } second)
        {
            diagnostics.Error(DiagnosticCodes.ListOfTwoProviders, PlaceOfKey(key),
                $"{PathOf(key)} is filled by two configuration providers, whose entries would be mixed; keep the list "
                + $"in one of them ({second}).");
            return null;
        }

        if (child.Value is not null || items.Exists(
            item => !int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            ReportNoList(key, entries);
            return null;
        }

        return items;
    }

    private void ReportNoList(string key, string entries) =>
        diagnostics.Error(DiagnosticCodes.WrongNode, PlaceOfKey(key), $"{PathOf(key)} must be a list of {entries}.");

    /// <summary>A configuration cannot tell <c>[]</c> from an empty text, but can tell it from null.</summary>
    private IReadOnlyList<IConfigurationSection>? Empty(IConfigurationSection child, string key, bool nothingIsEmpty)
    {
        if (child.Value is "" || (child.Value is null && nothingIsEmpty))
        {
            return [];
        }

        var (code, fault) = child.Value is null
            ? (DiagnosticCodes.EmptyValue, "is empty; leave the key out to get its default, or write [] for none.")
            : (DiagnosticCodes.WrongNode, "must be a list, not one value.");
        diagnostics.Error(code, PlaceOfKey(key), $"{PathOf(key)} {fault}");
        return null;
    }

    private string PathOfItem(string key, IConfigurationSection item) =>
        ConfigurationPath.Combine(PathOf(key), item.Key);

    private string PathOf(string key) => path.Length == 0 ? key : ConfigurationPath.Combine(path, key);

    private IConfigurationSection? Find(string key)
    {
        _known.Add(key);
        return _children.GetValueOrDefault(key);
    }
}
