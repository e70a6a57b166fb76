using System.Security.Cryptography;
using System.Text;

namespace FlexTls.Secrets;

/// <summary>Identifies a content, or why there was none: equal for equal contents, and shows nothing of them.</summary>
internal readonly record struct ContentVersion
{
    private static long _unsettled;

    private readonly string? _text;

    private ContentVersion(string text) => _text = text;

    /// <summary>The version of a content.</summary>
    public static ContentVersion Of(ReadOnlySpan<byte> content) => new(Convert.ToHexString(SHA256.HashData(content)));

    /// <summary>The version of a text.</summary>
    public static ContentVersion Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>The version of several contents, in their order.</summary>
    public static ContentVersion Of(IEnumerable<ContentVersion> parts) =>
        Of(string.Join('\n', parts.Select(part => part._text)));

    /// <summary>What could not be read, for a reason.</summary>
    public static ContentVersion Unreadable(string reason) => new($"!{reason}");

    /// <summary>
    /// Equal to no content's, and another one each time: what has it must settle before it counts, on whatever it is.
    /// </summary>
    public static ContentVersion Unsettled() => new($"?{Interlocked.Increment(ref _unsettled)}");
}
