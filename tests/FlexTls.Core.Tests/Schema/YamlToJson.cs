using System.Globalization;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FlexTls.Schema;

/// <summary>What an editor's schema check sees of a YAML document: plain scalars typed by YAML's core schema, all others text.</summary>
internal sealed partial class YamlToJson
{
    private readonly IParser _parser;
    private readonly Dictionary<AnchorName, JToken> _anchors = [];
    private bool _isWhole = true;

    private YamlToJson(IParser parser) => _parser = parser;

    /// <summary>
    /// The documents up to the first fault of the text. One with an alias that has no anchor is left out: an editor
    /// reports that itself, before any schema.
    /// </summary>
    public static IReadOnlyList<JToken> Documents(string yaml)
    {
        var documents = new List<JToken>();
        try
        {
            var parser = new Parser(new StringReader(yaml));
            parser.Consume<StreamStart>();
            while (parser.TryConsume<DocumentStart>(out _))
            {
                var document = new YamlToJson(parser);
                var root = document.Read();
                parser.Consume<DocumentEnd>();
                documents.AddRange(document._isWhole ? [root] : []);
            }
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            // What follows a fault of the text is no YAML; for some faults the parser throws the second.
        }

        return documents;
    }

    private JToken Read()
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            _isWhole &= _anchors.ContainsKey(alias.Value);
            return _anchors.TryGetValue(alias.Value, out var target) ? target.DeepClone() : JValue.CreateNull();
        }

        var anchor = ((NodeEvent)_parser.Current!).Anchor;
        var token = _parser.TryConsume<Scalar>(out var scalar) ? OfScalar(scalar)
            : _parser.TryConsume<SequenceStart>(out _) ? ReadSequence() : (JToken)ReadMapping();
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = token;
        }

        return token;
    }

    private JArray ReadSequence()
    {
        var items = new JArray();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Read());
        }

        return items;
    }

    private JObject ReadMapping()
    {
        var members = new JObject();
        _parser.Consume<MappingStart>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.Consume<Scalar>().Value;
            members[key] = Read();
        }

        return members;
    }

    private static JValue OfScalar(Scalar scalar) => scalar.Style != ScalarStyle.Plain ? JValue.CreateString(scalar.Value) : scalar.Value switch
    {
        "" or "~" or "null" or "Null" or "NULL" => JValue.CreateNull(),
        "true" or "True" or "TRUE" => new JValue(true),
        "false" or "False" or "FALSE" => new JValue(false),
        var number when Number().IsMatch(number) => new JValue(double.Parse(number, CultureInfo.InvariantCulture)),
        var text => JValue.CreateString(text),
    };

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Number();
}
