namespace FlexTls;

/// <summary>One report about the watched items.</summary>
/// <param name="Settled">
/// The items that settled on new content, or were still settling at the previous report, each with its version.
/// </param>
/// <param name="Unstable">The items that have kept changing for too long to wait for.</param>
/// <param name="StillSettling">
/// All items that are changing. Each will be reported as settled, even if it settles on its old content.
/// </param>
internal sealed record ChangeSet(
    IReadOnlyDictionary<string, ContentVersion> Settled, IReadOnlySet<string> Unstable,
    IReadOnlySet<string> StillSettling);
