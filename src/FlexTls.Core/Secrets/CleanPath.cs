namespace FlexTls;

/// <summary>
/// Paths as messages show them and as the platform opens them: without <c>.</c> and <c>..</c> in the middle.
/// </summary>
internal static class CleanPath
{
    /// <summary>
    /// The same path; a relative path stays relative. The platform removes <c>folder/..</c> from the text even where
    /// the folder is a link, so this is the file that it opens.
    /// </summary>
    public static string Of(string path)
    {
        try
        {
            return path.Length == 0 || path.Contains('\0', StringComparison.Ordinal) ? path
                : Path.IsPathFullyQualified(path) ? Path.GetFullPath(path)
                : Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.GetFullPath(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The current folder is gone; opening the file will say so.
            return path;
        }
    }
}
