namespace FlexTls;

/// <summary>The name of an upstream, with its first users and hosts; all of them are in the details.</summary>
internal static class NameCell
{
    private const int MostShown = 3;

    public static void Write(PageWriter page, UpstreamTlsStatus upstream)
    {
        page.Write($"<th role=\"rowheader\" scope=\"row\"><bdi class=\"name\">{upstream.Name}</bdi> ");
        page.Write($"<small class=\"kind\">{upstream.Kind.ToString()}</small>");
        WriteSome(page, "used by", [.. upstream.Users.Select(user => user.ToString())]);
        WriteSome(page, "to", upstream.Hosts);
    }

    private static void WriteSome(PageWriter page, string relation, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        page.Write($"<small>{relation} ");
        ValueList.Write(page, names.Take(MostShown));
        if (names.Count > MostShown)
        {
            page.Write($" and more");
        }

        page.Write($"</small>");
    }
}
