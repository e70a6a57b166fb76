using System.Collections.Concurrent;

namespace FlexTls.Secrets;

/// <summary>
/// The calls of the file system that have exceeded their time and not returned, each with the folder that it is about.
/// Thread-safe.
/// </summary>
internal sealed class HangingCalls
{
    private readonly ConcurrentDictionary<string, string> _folders = new(StringComparer.Ordinal);

    public int Count => _folders.Count;

    public bool Contains(string question) => _folders.ContainsKey(question);

    public void Add(string question, string folder) => _folders.TryAdd(question, folder);

    public void Remove(string question) => _folders.TryRemove(question, out _);

    /// <summary>
    /// The folder itself, and the mount that it lies on: those of them in which a call hangs. The mount is first.
    /// </summary>
    public IEnumerable<string> PlacesAround(string folder) => _folders.IsEmpty || folder.Length == 0
        ? []
        : new[] { MountOf(folder), folder }.Distinct()
            .Where(place => _folders.Values.Any(hanging => IsIn(hanging, place)));

    /// <summary>From the system's table, which asks no mount.</summary>
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
