namespace FlexTls;

/// <summary>Names in a message, which may be thousands.</summary>
internal static class ShownNames
{
    private const int Most = 10;

    public static string Of(IReadOnlyList<string> names)
    {
        var shown = string.Join(", ", names.Take(Most));
        return names.Count > Most ? $"{shown}, …" : shown;
    }
}
