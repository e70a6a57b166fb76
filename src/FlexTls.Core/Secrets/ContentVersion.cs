using System.Security.Cryptography;
using System.Text;

namespace FlexTls;

/// <summary>
/// Identifies content, or the reason why there is none. Equal content has equal versions; a version reveals nothing.
/// </summary>
internal readonly record struct ContentVersion
{
    private static long _unsettled;

    private readonly string? _text;

    private ContentVersion(string text) => _text = text;

    public static ContentVersion Of(ReadOnlySpan<byte> content) => new(Convert.ToHexString(SHA256.HashData(content)));

    public static ContentVersion Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>The version of several contents in this order.</summary>
    public static ContentVersion Of(IEnumerable<ContentVersion> parts) =>
        Of(string.Join('\n', parts.Select(part => part._text)));

    /// <summary>The version of content that could not be read, and why.</summary>
    public static ContentVersion Unreadable(string reason) => new($"!{reason}");

    /// <summary>
    /// A new version on each call, equal to no other: whatever the content is, it must settle before it counts.
    /// </summary>
    public static ContentVersion Unsettled() => new($"?{Interlocked.Increment(ref _unsettled)}");
}
