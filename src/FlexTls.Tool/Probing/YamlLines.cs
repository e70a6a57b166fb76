using System.Text;

namespace FlexTls;

/// <summary>Lines of YAML with comments.</summary>
internal sealed class YamlLines
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a line, as a comment unless it is active. The texts of strangers go into comments only.</summary>
    public void Add(string line, bool isActive = true)
    {
        var indent = line.Length - line.TrimStart().Length;
        _text.Append(isActive ? line : $"{line[..indent]}#{line[indent..]}").Append('\n');
    }

    public void Comment(string text, int indent = 0) =>
        _text.Append(' ', indent).Append("# ").Append(SafeText.Of(text)).Append('\n');

    public override string ToString() => _text.ToString();
}
