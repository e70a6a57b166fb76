namespace FlexTls;

/// <summary>Something whose content may change.</summary>
/// <param name="Key">Its name, unique among the watched items.</param>
/// <param name="Path">
/// Its place; <see langword="null"/> if only <see cref="ChangeDetector.Touch"/> reports its changes.
/// </param>
/// <param name="Version">Reads its present version; equal contents have equal versions.</param>
/// <param name="Known">The version of the content that is in force.</param>
internal sealed record WatchedItem(string Key, WatchedPath? Path, Func<ContentVersion> Version, ContentVersion Known)
{
    /// <summary>
    /// The version of the present content. A failure to read it is a version too: it must not end the watching of
    /// others.
    /// </summary>
    public ContentVersion Read()
    {
        try
        {
            return Version();
        }
        catch (Exception e)
        {
            return ContentVersion.Unreadable(e.GetType().Name);
        }
    }
}
