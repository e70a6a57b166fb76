namespace FlexTls;

/// <summary>An alias; it has no target if no complete node of that name precedes it.</summary>
internal sealed record YamlAlias(int Line, int Column, YamlNode? Target) : YamlNode(Line, Column);
