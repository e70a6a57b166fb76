using System.Collections.Concurrent;

namespace FlexTls;

/// <summary>
/// The file system calls that have exceeded their time limit and not returned, each with the folder that it accesses.
/// Thread-safe.
/// </summary>
internal sealed class HangingCalls
{
    private readonly ConcurrentDictionary<string, string> _folders = new(StringComparer.Ordinal);

    public int Count => _folders.Count;

    public bool Contains(string question) => _folders.ContainsKey(question);

    public void Add(string question, string folder) => _folders.TryAdd(question, folder);

    public void Remove(string question) => _folders.TryRemove(question, out _);

    /// <summary>The mount of the folder, then the folder itself, each only if a call in it hangs.</summary>
    public IEnumerable<string> PlacesAround(string folder) => _folders.IsEmpty || folder.Length == 0
        ? []
        : new[] { MountOf(folder), folder }.Distinct()
            .Where(place => _folders.Values.Any(hanging => IsIn(hanging, place)));

    /// <summary>Taken from the system's table, which does not access any mount.</summary>
    private static string MountOf(string folder)
    {
        try
        {
            return DriveInfo.GetDrives().Select(drive => drive.Name)
                .Where(mount => IsIn(folder, mount)).MaxBy(mount => mount.Length) ?? folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return folder;
        }
    }

    private static bool IsIn(string folder, string place) => folder == place
        || folder.StartsWith(
            Path.EndsInDirectorySeparator(place) ? place : place + Path.DirectorySeparatorChar,
            StringComparison.Ordinal);
}
