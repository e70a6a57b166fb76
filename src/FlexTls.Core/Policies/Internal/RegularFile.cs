namespace FlexTls.Policies;

/// <summary>
/// Reads files of bounded length. A pipe or a device has no length and is never opened: that could wait forever, or
/// never end. A link, as mounted secrets are, has a length of its own, so it is followed first.
/// </summary>
internal static class RegularFile
{
    /// <returns>The bytes; none for an empty file and for what is no file; <see langword="null"/> if there are more than <paramref name="most"/>.</returns>
    /// <exception cref="IOException">The file is missing or cannot be read, or changes while it is.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public static byte[]? Read(string path, int most, out UnixFileMode mode)
    {
        mode = UnixFileMode.None;
        var length = new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Length;
        if (length == 0)
        {
            return [];
        }

        if (length > most)
        {
            return null;
        }

        using var file = File.OpenHandle(path);
        var bytes = new byte[length];
        if (RandomAccess.Read(file, bytes, 0) != length)
        {
            throw new IOException("it changes while it is read");
        }

        if (!OperatingSystem.IsWindows())
        {
            mode = File.GetUnixFileMode(file);
        }

        return bytes;
    }

    /// <summary>Why a file cannot be used, in words that do not depend on the platform; <see langword="null"/> for a fault that is none of the file's.</summary>
    public static string? Reason(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "access is denied, or it is a folder",
        IOException { HResult: var code, Message: var message } when code == new IOException().HResult => message,
        IOException or ArgumentException or NotSupportedException => "reading it fails",
        _ => null,
    };
}
