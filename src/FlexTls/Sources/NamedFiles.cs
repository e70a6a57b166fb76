namespace FlexTls;

/// <summary>The policy files that are named at one moment.</summary>
/// <param name="Patterns">The files, folders and patterns, from code and from sections of configurations.</param>
/// <param name="Sections">
/// The version of each section when it named its files, by the section's key: its policies must be of the same version.
/// </param>
internal sealed record NamedFiles(
    IReadOnlyList<string> Patterns, IReadOnlyDictionary<string, ContentVersion> Sections);
