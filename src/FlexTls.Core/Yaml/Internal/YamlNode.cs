namespace FlexTls.Yaml;

/// <summary>A node of a YAML document with the position at which it begins, counted from 1.</summary>
internal abstract record YamlNode(int Line, int Column);

/// <summary>A value, escapes and folding resolved. The lines of a literal block ('|') are lines of the file.</summary>
internal sealed record YamlScalar(int Line, int Column, string Text, bool IsPlain, bool IsLiteral) : YamlNode(Line, Column)
{
    /// <summary>Whether YAML's core schema reads it as null.</summary>
    public bool IsNull => IsPlain && (Text is "" or "~" or "null" or "Null" or "NULL");
}

internal sealed record YamlSequence(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column);

internal sealed record YamlMapping(int Line, int Column, IReadOnlyList<KeyValuePair<YamlNode, YamlNode>> Entries) : YamlNode(Line, Column);

/// <summary>An alias; without a target when no complete node of that name stands before it.</summary>
internal sealed record YamlAlias(int Line, int Column, string Name, YamlNode? Target) : YamlNode(Line, Column);
