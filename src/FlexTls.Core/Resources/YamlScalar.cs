namespace FlexTls;

/// <summary>A value, with escapes and folding resolved.</summary>
internal sealed record YamlScalar(int Line, int Column, string Text, bool IsPlain) : YamlNode(Line, Column)
{
    /// <summary>
    /// The indentation of a literal block ('|'), whose lines are lines of the file; <see langword="null"/> for any
    /// other form.
    /// </summary>
    public int? LiteralIndent { get; init; }

    /// <summary>Whether YAML's core schema reads it as null.</summary>
    public bool IsNull => IsPlain && (Text is "" or "~" or "null" or "Null" or "NULL");

    /// <summary>Whether the value is missing or an empty text.</summary>
    public bool IsEmpty => IsNull || Text.Length == 0;
}
