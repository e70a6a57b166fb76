using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FlexTls;

/// <summary>
/// Turns the parser's events into documents of small nodes with positions. It does not use YamlDotNet's own node model,
/// because that recurses without limit; here the depth is counted before a collection is entered.
/// </summary>
internal sealed class YamlDocumentReader(YamlText text, DiagnosticList diagnostics)
{
    private readonly Parser _parser = new(new StringReader(text.Text));
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
    private int _depth;
    private int _documents;

    /// <summary>The number of parser events read: a measure of the work done.</summary>
    public int EventsRead { get; private set; }

    /// <summary>The roots of the documents, up to the first syntax fault, which is reported.</summary>
    public IEnumerable<YamlNode> ReadAll()
    {
        while (TryReadNext() is { } root)
        {
            yield return root;
        }
    }

    private YamlNode? TryReadNext()
    {
        try
        {
            return ReadNext();
        }
        catch (LimitException e)
        {
            diagnostics.Error(e.Code, PlaceOf(e.Mark), e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The parser also throws InvalidOperationException and others for texts that are merely wrong.
            ReportSyntax(e as YamlException);
        }

        return null;
    }

    private YamlNode? ReadNext()
    {
        while (MoveNext())
        {
            if (_parser.Current is not DocumentStart start)
            {
                continue;
            }

            if (++_documents > YamlLimits.Documents)
            {
                throw new LimitException(DiagnosticCodes.TooManyDocuments, start.Start,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the text has more than {YamlLimits.Documents} documents; split it."));
            }

            if (start.Tags?.Any(tag => tag.Prefix.Length > YamlLimits.TagPrefix) == true)
            {
                throw new LimitException(DiagnosticCodes.TooLong, start.Start,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"a %TAG line has a prefix of more than {YamlLimits.TagPrefix} characters; remove it."));
            }

            _anchors.Clear();
            Next();
            return ReadNode();
        }

        return null;
    }

    private YamlNode ReadNode()
    {
        var current = _parser.Current!;
        YamlNode node = current switch
        {
            Scalar scalar => OfScalar(scalar),
            AnchorAlias alias => new YamlAlias(
                LineOf(alias.Start), ColumnOf(alias.Start),
                _anchors.GetValueOrDefault(alias.Value.Value)),
            SequenceStart start => ReadSequence(start.Start) with { HasForeignTag = IsForeign(start.Tag) },
            MappingStart start => ReadMapping(start.Start) with { HasForeignTag = IsForeign(start.Tag) },
            _ => throw new YamlException(current.Start, current.End, $"unexpected {current.GetType().Name}"),
        };

        if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _anchors[anchored.Anchor.Value] = node;
        }

        return node;
    }

    private YamlSequence ReadSequence(Mark start)
    {
        var items = new List<YamlNode>();
        Enter(start);
        while (Next() is not SequenceEnd)
        {
            items.Add(ReadNode());
        }

        _depth--;
        return new YamlSequence(LineOf(start), ColumnOf(start), items);
    }

    private YamlMapping ReadMapping(Mark start)
    {
        var entries = new List<KeyValuePair<YamlNode, YamlNode>>();
        Enter(start);
        while (Next() is not MappingEnd)
        {
            var key = ReadNode();
            Next();
            entries.Add(new(key, ReadNode()));
        }

        _depth--;
        return new YamlMapping(LineOf(start), ColumnOf(start), entries);
    }

    private void Enter(Mark start)
    {
        if (++_depth > YamlLimits.Depth)
        {
            throw new LimitException(DiagnosticCodes.TooDeep, start,
                string.Create(
                    CultureInfo.InvariantCulture, $"lists and mappings are nested more than {YamlLimits.Depth} deep."));
        }
    }

    private ParsingEvent Next() =>
        MoveNext() ? _parser.Current! : throw new YamlException("unexpected end of the text");

    private bool MoveNext()
    {
        EventsRead++;
        return _parser.MoveNext();
    }

    private void ReportSyntax(YamlException? exception)
    {
        // The parser's message may quote the text, which may be a key, so only its position is used.
        var (code, place, message) = SyntaxFaults.Describe(text, FaultPlace(exception));
        diagnostics.Error(code, place, message);
    }

    /// <summary>
    /// The position of the fault according to the parser; if that is missing or impossible, the next tab, or else the
    /// position where the parser stopped.
    /// </summary>
    private Place FaultPlace(YamlException? exception)
    {
        var stopped = _parser.Current?.End ?? default;
        if (exception is not null && exception.Start.Index >= stopped.Index)
        {
            return PlaceOf(exception.Start);
        }

        var tab = text.FindTabIndentFrom(LineOf(stopped));
        return tab > 0 ? new Place("", text.FileName, tab, 1) : PlaceOf(stopped);
    }

    private YamlScalar OfScalar(Scalar scalar) =>
        new(LineOf(scalar.Start), ColumnOf(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain)
        {
            LiteralIndent = scalar.Style == ScalarStyle.Literal ? text.IndentFrom(LineOf(scalar.Start) + 1) : null,
            HasForeignTag = IsForeign(scalar.Tag),
        };

    private static bool IsForeign(TagName tag) =>
        !tag.IsEmpty && !tag.IsNonSpecific && !tag.Value.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal);

    private Place PlaceOf(Mark mark) => new("", text.FileName, LineOf(mark), ColumnOf(mark));

    private static int LineOf(Mark mark) => (int)mark.Line;

    private static int ColumnOf(Mark mark) => (int)mark.Column;

    private sealed class LimitException(string code, Mark mark, string message) : Exception(message)
    {
        public string Code => code;

        public Mark Mark => mark;
    }
}
