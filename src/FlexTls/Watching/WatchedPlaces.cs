namespace FlexTls;

/// <summary>Finds the items that a change at a path may concern.</summary>
internal sealed class WatchedPlaces
{
    // Where letter case does not count, the system may report another spelling than the watched one; elsewhere a
    // needless read does no harm.
    private readonly Dictionary<string, List<ItemState>> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<ItemState>> _listings = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _above = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, FolderReach> _folders = new(StringComparer.Ordinal);

    public WatchedPlaces(IEnumerable<ItemState> states)
    {
        foreach (var state in states)
        {
            Add(state);
        }
    }

    /// <summary>The real paths of all folders to watch, each with the reach that it needs.</summary>
    public IReadOnlyDictionary<string, FolderReach> Folders => _folders;

    /// <summary>The items that a change at this path may concern, some of them perhaps twice.</summary>
    public IEnumerable<ItemState> At(string path, WatcherChangeTypes kind)
    {
        var isNamed = _names.TryGetValue(path, out var named);
        IEnumerable<ItemState> found = named ?? [];

        // Changed content concerns only its readers. In all other cases names may have come or gone.
        if (!isNamed || kind != WatcherChangeTypes.Changed)
        {
            found = found.Concat(ListedAt(path));
        }

        return kind != WatcherChangeTypes.Changed && _above.Contains(path) ? found.Concat(Below(path)) : found;
    }

    private IEnumerable<ItemState> ListedAt(string path)
    {
        var parent = Path.GetDirectoryName(path);
        return FolderPlan.Above(path)
            .SelectMany(
                folder => _listings.GetValueOrDefault(folder, [])
                    .Where(state => folder == parent || state.Item.Path!.Scope == WatchedScope.Tree));
    }

    /// <summary>All items in a folder that appeared or disappeared.</summary>
    private IEnumerable<ItemState> Below(string folder)
    {
        var start = folder + Path.DirectorySeparatorChar;
        return _names.Concat(_listings)
            .Where(
                place => place.Key.StartsWith(start, StringComparison.OrdinalIgnoreCase) || place.Key
                    .Equals(folder, StringComparison.OrdinalIgnoreCase))
            .SelectMany(place => place.Value);
    }

    private void Add(ItemState state)
    {
        foreach (var name in state.Trail.Names)
        {
            Add(_names, name.Path, state);
            Reach(name.Folder, FolderReach.Names);
            AddAbove(name.Folder);
        }

        if (state.Trail.Home is { } home)
        {
            Reach(home, FolderReach.Home);
        }

        if (state.Trail.Listed is { } listed)
        {
            Add(_listings, listed, state);
            Reach(listed, state.Item.Path!.Scope == WatchedScope.Tree ? FolderReach.Tree : FolderReach.Home);
            AddAbove(listed);
        }
    }

    private static void Add(Dictionary<string, List<ItemState>> places, string path, ItemState state)
    {
        if (!places.TryGetValue(path, out var states))
        {
            places[path] = states = [];
        }

        states.Add(state);
    }

    private void AddAbove(string folder)
    {
        for (var above = folder; above is not null && _above.Add(above); above = Path.GetDirectoryName(above))
        {
        }
    }

    private void Reach(string folder, FolderReach reach)
    {
        if (!_folders.TryGetValue(folder, out var known) || known < reach)
        {
            _folders[folder] = reach;
        }
    }
}
