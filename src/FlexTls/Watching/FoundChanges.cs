namespace FlexTls;

/// <summary>The changes that were found and not yet reported. The latest finding on an item counts.</summary>
internal sealed class FoundChanges
{
    private Dictionary<string, ContentVersion> _settled = new(StringComparer.Ordinal);
    private HashSet<string> _unstable = new(StringComparer.Ordinal);

    public void AddSettled(string key, ContentVersion version)
    {
        _unstable.Remove(key);
        _settled[key] = version;
    }

    public void AddUnstable(string key)
    {
        _settled.Remove(key);
        _unstable.Add(key);
    }

    /// <summary>Drops an item that is no longer watched.</summary>
    public void Remove(string key)
    {
        _settled.Remove(key);
        _unstable.Remove(key);
    }

    /// <summary>Takes all changes.</summary>
    /// <param name="stillSettling">The items that are changing.</param>
    /// <param name="isAsked">Whether to report even if nothing has changed.</param>
    /// <returns>The changes; <see langword="null"/>: there are none.</returns>
    public ChangeSet? Take(IEnumerable<string> stillSettling, bool isAsked)
    {
        if (_settled.Count == 0 && _unstable.Count == 0 && !isAsked)
        {
            return null;
        }

        var changes = new ChangeSet(_settled, _unstable, stillSettling.ToHashSet(StringComparer.Ordinal));
        _settled = new(StringComparer.Ordinal);
        _unstable = new(StringComparer.Ordinal);
        return changes;
    }
}
