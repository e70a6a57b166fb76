using FlexTls.Secrets;
namespace FlexTls.Watching;

/// <summary>What is told at once about the items that are watched.</summary>
/// <param name="Settled">
/// The items that settled on another content, or were still settling when something else was told, each with its
/// version.
/// </param>
/// <param name="Unstable">The items that go on changing, and did so for too long to be waited for.</param>
/// <param name="StillSettling">
/// All items that are changing. Each will be told of as settled, also if it settles on what it was.
/// </param>
internal sealed record ChangeSet(
    IReadOnlyDictionary<string, ContentVersion> Settled, IReadOnlySet<string> Unstable,
    IReadOnlySet<string> StillSettling);
