namespace FlexTls;

/// <summary>Limits on the work that a policy file may cause; each has its own code.</summary>
internal static class YamlLimits
{
    /// <summary>UTF-16 units of a text; for a file, bytes.</summary>
    public const int Length = ValueContent.Longest;

    /// <summary>Collections open at once, counted on the parser's events.</summary>
    public const int Depth = 64;

    public const int Documents = 10_000;

    /// <summary>UTF-16 units of the prefix in a %TAG directive, which the parser writes out for each use.</summary>
    public const int TagPrefix = 256;

    /// <summary>Nodes visited through aliases, in all documents of a text together.</summary>
    public const int AliasNodes = 20_000;

    /// <summary>UTF-16 units of a value that count as one more node when an alias repeats it.</summary>
    public const int AliasText = 4096;
}
