using FlexTls.Secrets;
namespace FlexTls.Watching;

/// <summary>An item, and what became of it while it was watched.</summary>
internal sealed class ItemState(WatchedItem item)
{
    public WatchedItem Item { get; private set; } = item;

    /// <summary>
    /// The content that nobody needs to be told of: the one that settled last, otherwise the known one. A content that
    /// was refused is told once, although it is never the known one.
    /// </summary>
    public ContentVersion Told { get; private set; } = item.Known;

    /// <summary>Where its path led when somebody last looked.</summary>
    public PathTrail Trail { get; set; } = PathTrail.None;

    /// <summary>The same item is watched on, perhaps with another content in force.</summary>
    public void Continue(WatchedItem item)
    {
        if (item.Known != Item.Known)
        {
            Told = item.Known;
        }

        Item = item;
    }

    public void Tell(ContentVersion version) => Told = version;

    /// <summary>What was told got lost.</summary>
    public void Untell() => Told = Item.Known;
}
