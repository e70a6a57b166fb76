namespace FlexTls;

/// <summary>A watched item and its state.</summary>
internal sealed class ItemState(WatchedItem item)
{
    public WatchedItem Item { get; private set; } = item;

    /// <summary>
    /// The content that needs no report: the last one that settled, otherwise the known one. A content that was refused
    /// is thus reported once, although it never becomes the known one.
    /// </summary>
    public ContentVersion Reported { get; private set; } = item.Known;

    /// <summary>The trail of its path when last followed.</summary>
    public PathTrail Trail { get; set; } = PathTrail.None;

    /// <summary>Continues with the same item, perhaps with another content in force.</summary>
    public void Continue(WatchedItem item)
    {
        if (item.Known != Item.Known)
        {
            Reported = item.Known;
        }

        Item = item;
    }

    public void Report(ContentVersion version) => Reported = version;

    /// <summary>Takes back a report that was lost.</summary>
    public void Retract() => Reported = Item.Known;
}
