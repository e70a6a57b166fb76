using System.Collections.Concurrent;

namespace FlexTls.Watching;

/// <summary>The versions of texts, and back again: so that tests can say what a content is.</summary>
internal static class Versions
{
    private static readonly ConcurrentDictionary<ContentVersion, string> Known = new();

    public static ContentVersion Of(string text)
    {
        var version = ContentVersion.Of(text);
        Known.TryAdd(version, text);
        return version;
    }

    /// <summary>The text of a version; of another one, what shows that it is none.</summary>
    public static string TextOf(ContentVersion version) =>
        Known.GetValueOrDefault(version, $"no text: {version.GetHashCode()}");

    public static Dictionary<string, string> TextsOf(IReadOnlyDictionary<string, ContentVersion> versions) =>
        versions.ToDictionary(version => version.Key, version => TextOf(version.Value), StringComparer.Ordinal);
}
