using System.Text.RegularExpressions;
using FlexTls.TestKit;

namespace FlexTls.Corpus;

/// <summary>
/// A policy file with its expectation in its first comment lines:
/// <code>
/// # expect: error FTLS2007 14:17
/// # bindings: 1
/// # row: other version text
/// # why: a reason that is not plain from the file
/// </code>
/// A finding without position is written <c>-</c>. Positions are those of the corpus file. A token such as
/// <c>{{root}}</c> alone in a line stands for PEM text, made in memory, with the line's indentation; findings inside
/// it are expected at the token's line.
/// </summary>
internal sealed partial class CorpusCase
{
    private readonly List<int> _sourceLines = [];

    private CorpusCase(string name, string text)
    {
        Name = name;
        var lines = text.Split('\n');
        foreach (var line in lines.TakeWhile(line => line.StartsWith('#')))
        {
            ReadHeader(line);
        }

        Text = Expand(lines);
    }

    public string Name { get; }

    /// <summary>The policy text, tokens expanded.</summary>
    public string Text { get; }

    /// <summary>Every finding in order: <c>error FTLS2007 14:17</c>.</summary>
    public List<string> Expected { get; } = [];

    /// <summary>The rules of <see cref="SpecificationRows"/> that the file is an example of.</summary>
    public List<string> Rows { get; } = [];

    /// <summary>How many bindings the text gives; <see langword="null"/>: not said.</summary>
    public int? Bindings { get; private set; }

    /// <summary>The name that the text is read under, in the folder that its relative paths start in.</summary>
    public string FileName => Path.Combine(CorpusEnvironment.Folder, $"{Name}.yaml");

    public bool IsValid => !Expected.Exists(finding => finding.StartsWith("error", StringComparison.Ordinal));

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Corpus");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public static CorpusCase Load(string name) => new(name, File.ReadAllText(Path.Combine(Folder, $"{name}.yaml")).ReplaceLineEndings("\n"));

    /// <summary>A finding in the form of the headers, its line turned back into the corpus file's.</summary>
    public string Describe(TlsPolicyDiagnostic diagnostic)
    {
        var severity = diagnostic.Severity switch
        {
            TlsPolicyDiagnosticSeverity.Error => "error",
            TlsPolicyDiagnosticSeverity.Warning => "warning",
            _ => "info",
        };
        var position = diagnostic.Line == 0 ? "-" : $"{SourceLine(diagnostic.Line)}:{diagnostic.Column}";
        return $"{severity} {diagnostic.Code} {position}";
    }

    // A fault at the end of the text may stand one line behind the last.
    private int SourceLine(int line) => line <= _sourceLines.Count ? _sourceLines[line - 1] : _sourceLines[^1] + 1;

    private void ReadHeader(string line)
    {
        var match = Header().Match(line);
        switch (match.Groups[1].Value)
        {
            case "expect":
                Expected.Add(match.Groups[2].Value);
                break;
            case "bindings":
                Bindings = int.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case "row":
                Rows.AddRange(match.Groups[2].Value.Split(", "));
                break;
            case "why":
                break;
            default:
                throw new FormatException($"{Name}: unknown header '{line}'");
        }
    }

    private string Expand(string[] lines)
    {
        var expanded = new List<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            var token = Token().Match(lines[i]);
            var written = token.Success ? CorpusTokens.Pem(token.Groups[2].Value).Indented(token.Groups[1].Length).Split('\n') : [lines[i]];
            expanded.AddRange(written);
            _sourceLines.AddRange(Enumerable.Repeat(i + 1, written.Length));
        }

        return string.Join('\n', expanded);
    }

    [GeneratedRegex("^# ([a-z]+): (.+)$")]
    private static partial Regex Header();

    [GeneratedRegex(@"^( *)\{\{([a-z0-9-]+)\}\}$")]
    private static partial Regex Token();
}
