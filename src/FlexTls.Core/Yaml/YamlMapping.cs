namespace FlexTls.Yaml;

/// <summary>Keys with their values, in the order in which they were written.</summary>
internal sealed record YamlMapping(int Line, int Column, IReadOnlyList<KeyValuePair<YamlNode, YamlNode>> Entries)
    : YamlNode(Line, Column);
