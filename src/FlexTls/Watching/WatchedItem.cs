using FlexTls.Secrets;
namespace FlexTls.Watching;

/// <summary>Something whose content may change.</summary>
/// <param name="Key">Its name; no other item that is watched with it has the same.</param>
/// <param name="Path">
/// Where it lies; <see langword="null"/> if nothing but <see cref="ChangeDetector.Touch"/> tells of its changes.
/// </param>
/// <param name="Version">
/// Reads its present content: equal texts for equal content.
/// </param>
/// <param name="Known">The version of the content that is in force.</param>
internal sealed record WatchedItem(string Key, WatchedPath? Path, Func<ContentVersion> Version, ContentVersion Known)
{
    /// <summary>
    /// The version of the present content. That it cannot be had is one too: it must not end the watching of others.
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
