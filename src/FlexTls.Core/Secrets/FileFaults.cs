namespace FlexTls;

/// <summary>Faults of files and folders, in words that do not depend on the platform.</summary>
internal static class FileFaults
{
    // The half of an exception's HResult in which the platform puts the system's own error number.
    private const int LowerHalf = 0xFFFF;

    /// <summary>Why a file cannot be used; <see langword="null"/> if the exception is not about a file.</summary>
    public static string? Reason(Exception exception) => exception switch
    {
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "there is no such folder",
        PathTooLongException => "its path is too long",
        TimeoutException => "it does not answer in time: it is a pipe or a device, or its file system hangs",
        UnauthorizedAccessException => "this process has no permission to read it, or to enter a folder of its path",
        InvalidDataException => exception.Message,
        IOException => $"the system failed to read it (error {exception.HResult & LowerHalf})",
        ArgumentException or NotSupportedException => "its path contains a character that is not allowed in paths",
        _ => null,
    };
}
