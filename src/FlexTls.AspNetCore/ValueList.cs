namespace FlexTls;

/// <summary>Values in a line.</summary>
internal static class ValueList
{
    public static void Write(PageWriter page, IEnumerable<string> values)
    {
        var isFirst = true;
        foreach (var value in values)
        {
            page.Write($"{(isFirst ? "" : ", ")}<bdi>{value}</bdi>");
            isFirst = false;
        }
    }
}
