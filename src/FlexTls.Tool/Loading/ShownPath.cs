using System.Globalization;

namespace FlexTls;

/// <summary>Files as people write them: those below the current directory without it.</summary>
internal static class ShownPath
{
    public static string Of(string file)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), file);
        return !Path.IsPathRooted(file) || relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }

    /// <summary>The place of a policy.</summary>
    public static string Of(UpstreamTlsStatus upstream) =>
        upstream.FileName is { } file ? Of(file, upstream.Line) : upstream.Source;

    /// <summary>A file and a line, in the form of compilers.</summary>
    public static string Of(string file, int line) =>
        line == 0 ? Of(file) : string.Create(CultureInfo.InvariantCulture, $"{Of(file)}({line})");
}
