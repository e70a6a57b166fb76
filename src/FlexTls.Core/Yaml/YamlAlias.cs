namespace FlexTls.Yaml;

/// <summary>An alias; without a target when no complete node of that name stands before it.</summary>
internal sealed record YamlAlias(int Line, int Column, string Name, YamlNode? Target) : YamlNode(Line, Column);
