namespace FlexTls;

/// <summary>Covers the folders with the fewest watches: the system allows few.</summary>
internal static class FolderPlan
{
    /// <summary>The folders to watch, each with whether its watch includes the folders below.</summary>
    /// <param name="folders">The real paths of the folders, each with the reach that it needs.</param>
    public static IReadOnlyDictionary<string, bool> Of(IReadOnlyDictionary<string, FolderReach> folders)
    {
        var plan = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (folder, reach) in folders.OrderBy(folder => folder.Key.Length))
        {
            var isCovering = (string above) => plan.ContainsKey(above) && MayCover(above, folders[above]);
            if (Above(folder).FirstOrDefault(isCovering) is { } cover)
            {
                plan[cover] = true;
            }
            else
            {
                plan.Add(folder, reach == FolderReach.Tree);
            }
        }

        return plan;
    }

    /// <summary>The ancestors of a folder, nearest first.</summary>
    public static IEnumerable<string> Above(string folder)
    {
        for (var above = Path.GetDirectoryName(folder); above is not null; above = Path.GetDirectoryName(above))
        {
            yield return above;
        }
    }

    /// <summary>A root would cover the whole machine; only a request for that whole tree allows it.</summary>
    private static bool MayCover(string folder, FolderReach reach) =>
        reach == FolderReach.Tree || (reach == FolderReach.Home && Path.GetDirectoryName(folder) is not null);
}
