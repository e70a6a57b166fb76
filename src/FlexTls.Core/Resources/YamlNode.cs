namespace FlexTls;

/// <summary>A node of a YAML document with the position at which it begins, counted from 1.</summary>
internal abstract record YamlNode(int Line, int Column)
{
    /// <summary>Whether it has a tag that gives it a meaning beyond YAML's own types.</summary>
    public bool HasForeignTag { get; init; }
}
