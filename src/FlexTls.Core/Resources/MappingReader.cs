using System.Globalization;

namespace FlexTls;

/// <summary>
/// Reads a mapping by the names of its keys, in any letter case. <see cref="RejectOthers"/> then reports every key that
/// no reader has asked for.
/// </summary>
internal sealed class MappingReader : IPolicySection
{
    private const int LongestWord = 40;
    private const int LongestShown = 120;
    private readonly Dictionary<string, (
        YamlScalar Key, YamlNode Value)> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly YamlMapping _mapping;
    private readonly string _path;
    private readonly ReadingContext _context;

    public MappingReader(YamlMapping mapping, string path, ReadingContext context)
    {
        (_mapping, _path, _context) = (mapping, path, context);
        var repeated = new List<YamlScalar>();
        foreach (var (keyNode, value) in mapping.Entries)
        {
            if (Add(keyNode, value) is { } again)
            {
                repeated.Add(again);
            }
        }

        Report(repeated);
    }

    /// <summary>A node that must be a mapping; <see langword="null"/> after a reported fault.</summary>
    public static MappingReader? Of(YamlNode node, string path, ReadingContext context) =>
        context.Mapping(node, path) is { } mapping ? new MappingReader(mapping, path, context) : null;

    public Place Place => _context.PlaceOf(_mapping, _path);

    /// <summary>The keys in the order of the text.</summary>
    public IEnumerable<string> Keys => _entries.Values.Select(entry => entry.Key.Text);

    public string PathOf(string key)
    {
        var shown = Text.Cut(key, LongestShown);
        return _path.Length == 0 ? shown : $"{_path}.{shown}";
    }

    public Place PlaceOfKey(string key) => _context.PlaceOf(_entries[key].Key, PathOf(key));

    /// <summary>
    /// The value of a key, which becomes a known one; <see langword="null"/> if the key was left out.
    /// </summary>
    public YamlNode? Find(string key)
    {
        _known.Add(key);
        return _entries.TryGetValue(key, out var entry) ? entry.Value : null;
    }

    /// <summary>
    /// The value of a key as one text; <see langword="null"/> if the key was left out, or after a reported fault.
    /// </summary>
    public PolicyValue? Scalar(string key) => Find(key) is { } node ? _context.Scalar(node, PathOf(key)) : null;

    /// <summary>A required text that is not empty; <see langword="null"/> after a reported fault.</summary>
    public PolicyValue? RequiredScalar(string key)
    {
        if (Required(key) is not { } node || _context.Scalar(node, PathOf(key)) is not { } value)
        {
            return null;
        }

        if (!string.IsNullOrWhiteSpace(value.Text))
        {
            return value;
        }

        _context.Diagnostics.Error(DiagnosticCodes.EmptyValue, value.Place, $"{value.Place.Path} is empty.");
        return null;
    }

    /// <summary>The name of a resource or a namespace; <see langword="null"/> after a reported fault.</summary>
    public PolicyValue? RequiredName(string key) => ResourceName.Checked(RequiredScalar(key), _context.Diagnostics);

    public bool Has(string key) => Find(key) is not null;

    IPolicySection? IPolicySection.Section(string key) =>
        Find(key) is { } node ? Of(node, PathOf(key), _context) : null;

    public IReadOnlyList<PolicyValue>? List(string key, bool nothingIsEmpty) =>
        Find(key) is { } node ? _context.List(node, PathOf(key), nothingIsEmpty) : null;

    IReadOnlyList<IPolicySection>? IPolicySection.Sections(string key) =>
        Find(key) is { } node && _context.Items(node, PathOf(key), nothingIsEmpty: true) is { } items
            ? [.. items.Select((item, i) => Of(item, $"{PathOf(key)}[{i}]", _context)).OfType<MappingReader>()]
            : null;

    public MappingReader? RequiredMapping(string key) =>
        Required(key) is { } node ? Of(node, PathOf(key), _context) : null;

    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            _known.Add(key);
        }
    }

    public void RejectOthers()
    {
        foreach (var (key, _) in _entries.Values.Where(entry => !_known.Contains(entry.Key.Text)))
        {
            if (_context.Diagnostics.IsFull)
            {
                // Beyond the limit of shown errors: this one only counts.
                _context.Diagnostics.Error(DiagnosticCodes.UnknownKey, Place, "");
                return;
            }

            if (YamlText.IsStrange(key.Text))
            {
                _context.Diagnostics.Error(DiagnosticCodes.UnknownKey, _context.PlaceOf(key, ""),
                    "a key is indented by a no-break space or another blank that is not a space, perhaps copied from "
                        + "a web page; write spaces.");
                continue;
            }

            var (nearest, hint) = NearestName.OfKey(key.Text, _known, _path, '.');
            _context.Diagnostics.Error(
                DiagnosticCodes.UnknownKey, _context.PlaceOf(key, ""),
                $"unknown key {Shown(key.Text, nearest)}; {hint}");
        }
    }

    /// <summary>
    /// A key in its form for messages. If quotes were forgotten, it may be a part of a private key or a passphrase.
    /// </summary>
    private string Shown(string key, string? nearest)
    {
        var isWord = key.Length <= LongestWord
            && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/');
        var mayBeSecret = _path.EndsWith("certificate", StringComparison.OrdinalIgnoreCase)
            || _path.EndsWith("extensions", StringComparison.OrdinalIgnoreCase);
        return nearest is not null || (isWord && !mayBeSecret)
            ? $"'{PathOf(key)}'"
            : $"in '{_path}', not shown because it may be part of a secret";
    }

    private YamlNode? Required(string key)
    {
        var node = Find(key);
        if (node is null)
        {
            _context.Diagnostics.Error(DiagnosticCodes.MissingKey, Place, $"{PathOf(key)} is missing.");
        }

        return node;
    }

    /// <summary>Adds an entry; returns the key if the mapping already has it.</summary>
    private YamlScalar? Add(YamlNode keyNode, YamlNode value)
    {
        var resolved = _context.Resolve(keyNode);
        if (resolved is not YamlScalar key)
        {
            if (resolved is not null)
            {
                _context.Diagnostics.Error(
                    DiagnosticCodes.WrongNode, _context.PlaceOf(keyNode, ""),
                    "a key must be a single value, not a list or a mapping.");
            }
        }
        else if (key is { IsPlain: true, Text: "<<" })
        {
            _context.Diagnostics.Error(
                DiagnosticCodes.MergeKey, _context.PlaceOf(key, ""),
                "merge keys ('<<') are not supported; write the keys out.");
        }
        else if (!_entries.TryAdd(key.Text, (key, value)))
        {
            return key;
        }

        return null;
    }

    private void Report(List<YamlScalar> repeated)
    {
        // A resource that begins inside another one repeats most of its keys.
        var isNewResource = _path.Length == 0 && repeated.Count > 1;
        foreach (var key in isNewResource ? repeated.Take(1) : repeated)
        {
            var fix = isNewResource
                ? string.Create(CultureInfo.InvariantCulture,
                    $"a new resource seems to begin here: write '---' above line {key.Line}.")
                : "letter case does not count; write it once.";
            _context.Diagnostics.Error(DiagnosticCodes.DuplicateKey, _context.PlaceOf(key, ""),
                $"key {Shown(key.Text, null)} is the same as the one on line {_entries[key.Text].Key.Line}; {fix}");
        }
    }
}
