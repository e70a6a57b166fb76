namespace FlexTls;

/// <summary>Keys with their values, in the order of the text.</summary>
internal sealed record YamlMapping(int Line, int Column, IReadOnlyList<KeyValuePair<YamlNode, YamlNode>> Entries)
    : YamlNode(Line, Column);
