namespace FlexTls.Yaml;

/// <summary>A node of a YAML document with the position at which it begins, counted from 1.</summary>
internal abstract record YamlNode(int Line, int Column)
{
    /// <summary>Whether it has a tag that gives it a meaning beyond YAML's own types.</summary>
    public bool HasForeignTag { get; init; }
}

/// <summary>A value, escapes and folding resolved.</summary>
internal sealed record YamlScalar(int Line, int Column, string Text, bool IsPlain) : YamlNode(Line, Column)
{
    /// <summary>The indentation of a literal block ('|'), whose lines are lines of the file; <see langword="null"/> for any other form.</summary>
    public int? LiteralIndent { get; init; }

    /// <summary>Whether YAML's core schema reads it as null.</summary>
    public bool IsNull => IsPlain && (Text is "" or "~" or "null" or "Null" or "NULL");

    /// <summary>Whether nothing is written there, or an empty text.</summary>
    public bool IsEmpty => IsNull || Text.Length == 0;
}

internal sealed record YamlSequence(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column);

internal sealed record YamlMapping(int Line, int Column, IReadOnlyList<KeyValuePair<YamlNode, YamlNode>> Entries) : YamlNode(Line, Column);

/// <summary>An alias; without a target when no complete node of that name stands before it.</summary>
internal sealed record YamlAlias(int Line, int Column, string Name, YamlNode? Target) : YamlNode(Line, Column);
