using System.Text;

namespace FlexTls;

/// <summary>Lines of YAML with comments.</summary>
internal sealed class YamlLines
{
    private const int Width = 96;

    private readonly StringBuilder _text = new();

    /// <summary>Adds a line, as a comment unless it is active. The texts of strangers go into comments only.</summary>
    public void Add(string line, bool isActive = true)
    {
        var indent = line.Length - line.TrimStart().Length;
        _text.Append(isActive ? line : $"{line[..indent]}#{line[indent..]}").Append('\n');
    }

    public void Comment(string text, int indent = 0)
    {
        var line = new StringBuilder();
        foreach (var word in SafeText.Of(text).Split(' '))
        {
            if (line.Length > 0 && indent + line.Length + word.Length > Width)
            {
                AddComment(line, indent);
            }

            line.Append(' ').Append(word);
        }

        AddComment(line, indent);
    }

    private void AddComment(StringBuilder line, int indent)
    {
        _text.Append(' ', indent).Append('#').Append(line).Append('\n');
        line.Clear();
    }

    public override string ToString() => _text.ToString();
}
