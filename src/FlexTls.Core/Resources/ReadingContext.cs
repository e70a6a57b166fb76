using System.Globalization;

namespace FlexTls;

/// <summary>
/// The shared context of all readers of one text: its name, the files that it refers to, the list of findings, and the
/// limit on aliases.
/// </summary>
internal sealed class ReadingContext(YamlText text, ValueReads files, DiagnosticList diagnostics)
{
    /// <summary>The text as a whole: a place shows its file's name, which is examined once.</summary>
    private readonly Place _text = new("", text.FileName);

    private int _aliasNodes;

    public string? FileName => text.FileName;

    public ValueReads Files => files;

    public DiagnosticList Diagnostics => diagnostics;

    /// <summary>
    /// Whether aliases are no longer followed. That is reported once; values that are missing as a result are not.
    /// </summary>
    public bool DropsAliases { get; private set; }

    public Place PlaceOf(YamlNode node, string path) => _text with
    {
        Path = path,
        Line = node.Line,
        Column = node.Column,
        ContentLine = node is YamlScalar { LiteralIndent: not null } ? node.Line + 1 : 0,
        ContentIndent = (node as YamlScalar)?.LiteralIndent ?? 0,
    };

    /// <summary>
    /// The node itself, or the node that an alias stands for; <see langword="null"/> after a reported fault.
    /// </summary>
    public YamlNode? Resolve(YamlNode node)
    {
        if (node is not YamlAlias alias)
        {
            return node;
        }

        if (alias.Target is null)
        {
            diagnostics.Error(
                DiagnosticCodes.UnknownAlias, PlaceOf(node, ""),
                "an alias ('*…') has no anchor before it in this document; a value that begins with '*' must be in "
                + "quotes.");
            return null;
        }

        _aliasNodes += Count(alias.Target, YamlLimits.AliasNodes + 1 - _aliasNodes);
        if (_aliasNodes <= YamlLimits.AliasNodes)
        {
            return Resolve(alias.Target);
        }

        if (!DropsAliases)
        {
            DropsAliases = true;
            diagnostics.Error(DiagnosticCodes.TooManyAliasNodes, PlaceOf(node, ""),
                string.Create(CultureInfo.InvariantCulture, $"aliases repeat more than {YamlLimits.AliasNodes} nodes ")
                + string.Create(
                    CultureInfo.InvariantCulture, $"({YamlLimits.AliasText} characters of a value are one); ")
                + "write the values out, and long ones as 'file:PATH'.");
        }

        return null;
    }

    /// <summary>The text of a node that must be one value; <see langword="null"/> after a reported fault.</summary>
    public PolicyValue? Scalar(YamlNode node, string path)
    {
        switch (Resolve(node))
        {
            case null:
                return null;
            case { HasForeignTag: true } tagged:
                RejectTag(tagged, path);
                return null;
            case YamlScalar scalar:
                return new PolicyValue(scalar.IsNull ? "" : scalar.Text, PlaceOf(scalar, path));
            case YamlMapping { Entries: [{ Key: YamlMapping }] } template:
                diagnostics.Error(DiagnosticCodes.NotAReference, PlaceOf(template, path),
                    $"{path} {ReferenceMistakes.NotFilledIn}.");
                return null;
            case var other:
                diagnostics.Error(DiagnosticCodes.WrongNode, PlaceOf(other, path),
                    $"{path} must be one value, not {Kind(other)}"
                    + $"{(other is YamlSequence ? KeyShapes.OfText(path) : "")}.");
                return null;
        }
    }

    /// <summary>The texts of a node that must be a list; <see langword="null"/> after a reported fault.</summary>
    public IReadOnlyList<PolicyValue>? List(YamlNode node, string path, bool nothingIsEmpty) =>
        Items(node, path, nothingIsEmpty) is { } items
            ? [.. items.Select((item, i) => Scalar(item, $"{path}[{i}]")).OfType<PolicyValue>()]
            : null;

    /// <summary>The items of a node that must be a list; <see langword="null"/> after a reported fault.</summary>
    public IReadOnlyList<YamlNode>? Items(YamlNode node, string path, bool nothingIsEmpty)
    {
        switch (Resolve(node))
        {
            case null:
                return null;
            case { HasForeignTag: true } tagged:
                RejectTag(tagged, path);
                return null;
            case YamlSequence sequence:
                return sequence.Items;
            case YamlScalar { IsEmpty: true } when nothingIsEmpty:
                return [];
            case YamlScalar { IsEmpty: true } nothing:
                diagnostics.Error(DiagnosticCodes.EmptyValue, PlaceOf(nothing, path),
                    $"{path} is empty; leave the key out to get its default, or write [] for none.");
                return null;
            case var other:
                diagnostics.Error(DiagnosticCodes.WrongNode, PlaceOf(other, path),
                    $"{path} must be a list; write each entry on a line of its own after '- '.");
                return null;
        }
    }

    /// <summary>A node that must be a mapping; <see langword="null"/> after a reported fault.</summary>
    public YamlMapping? Mapping(YamlNode node, string path)
    {
        switch (Resolve(node))
        {
            case null:
                return null;
            case { HasForeignTag: true } tagged:
                RejectTag(tagged, path);
                return null;
            case YamlMapping mapping:
                return mapping;
            case YamlScalar { IsEmpty: true } nothing when path.Length > 0:
                diagnostics.Error(DiagnosticCodes.EmptyValue, PlaceOf(nothing, path),
                    $"{path} is empty; write its keys below it{KeyShapes.InsteadOfKeys(path)}.");
                return null;
            case var other when diagnostics.IsFull:
                // Beyond the limit of shown errors: this one only counts.
                diagnostics.Error(DiagnosticCodes.WrongNode, PlaceOf(other, path), "");
                return null;
            case var other:
                diagnostics.Error(DiagnosticCodes.WrongNode, PlaceOf(other, path),
                    $"{(path.Length == 0 ? "the document" : path)} must be a mapping of keys, not "
                    + $"{Kind(other)}{HintOfBlank(other)}{HintOfKey(other)}"
                    + $"{(other is YamlScalar ? KeyShapes.OfMapping(path) : "")}.");
                return null;
        }
    }

    /// <summary>The message does not quote the tag, which may be the beginning of a passphrase.</summary>
    public void RejectTag(YamlNode node, string path) =>
        diagnostics.Error(DiagnosticCodes.WrongNode, PlaceOf(node, path),
            $"{path} has a tag ('!…'), which has no meaning here; "
            + "write the value itself, in quotes if it begins with '!'.");

    private string HintOfBlank(YamlNode node) =>
        text.HasStrangeBlank(node.Line) ? "; its line has a no-break space or another blank that is not a space" : "";

    private string HintOfKey(YamlNode node) =>
        node is YamlScalar && MissingMarks.OfKey(text.Start(node.Line)) is { } missing
            ? $"; {missing}" : "";

    private static string Kind(YamlNode node) => node switch
    {
        YamlMapping => "a mapping",
        YamlSequence => "a list",
        YamlScalar { IsNull: true } => "nothing",
        _ => "a single value",
    };

    /// <summary>
    /// The number of nodes below and including <paramref name="node"/>; stops counting at <paramref name="most"/>.
    /// </summary>
    private static int Count(YamlNode node, int most)
    {
        var counted = 0;
        var open = new Stack<YamlNode>([node]);
        while (counted < most && open.TryPop(out var next))
        {
            counted += 1 + ((next as YamlScalar)?.Text.Length ?? 0) / YamlLimits.AliasText;
            IEnumerable<YamlNode> children = next switch
            {
                YamlMapping mapping => mapping.Entries.SelectMany(entry => new[] { entry.Key, entry.Value }),
                YamlSequence sequence => sequence.Items,
                YamlAlias { Target: { } target } => [target],
                _ => [],
            };
            foreach (var child in children)
            {
                open.Push(child);
            }
        }

        return counted;
    }
}
