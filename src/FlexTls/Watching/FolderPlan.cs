namespace FlexTls.Watching;

/// <summary>Chooses the fewest watches: watches of the system are few, far fewer than folders.</summary>
internal static class FolderPlan
{
    /// <summary>The folders to put a watch on, and whether it takes in the folders below.</summary>
    /// <param name="folders">Real paths, with what must be seen of each.</param>
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

    /// <summary>The folders in which a folder lies, from the nearest.</summary>
    public static IEnumerable<string> Above(string folder)
    {
        for (var above = Path.GetDirectoryName(folder); above is not null; above = Path.GetDirectoryName(above))
        {
            yield return above;
        }
    }

    /// <summary>A root would take in the whole machine, unless somebody asked for just that.</summary>
    private static bool MayCover(string folder, FolderReach reach) =>
        reach == FolderReach.Tree || (reach == FolderReach.Home && Path.GetDirectoryName(folder) is not null);
}
