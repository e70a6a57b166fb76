namespace FlexTls.Watching;

/// <summary>Something whose content may change.</summary>
/// <param name="Key">Its name; no other item that is watched with it has the same.</param>
/// <param name="Path">Where it lies; <see langword="null"/> if nothing but <see cref="ChangeDetector.Touch"/> tells of its changes.</param>
/// <param name="Fingerprint">
/// Reads its present content: equal texts for equal content.
/// </param>
/// <param name="Known">The fingerprint of the content that is in force.</param>
internal sealed record WatchedItem(string Key, WatchedPath? Path, Func<string> Fingerprint, string Known)
{
    /// <summary>The fingerprint of the present content. That it cannot be had is one too: it must not end the watching of others.</summary>
    public string Read()
    {
        try
        {
            return Fingerprint();
        }
        catch (Exception e)
        {
            return $"!{e.GetType().Name}";
        }
    }
}
