namespace FlexTls;

/// <summary>
/// The content of a file or a secret when it was read, or why it cannot be used. Reading never throws for a fault of
/// the file or the provider.
/// </summary>
internal sealed class ValueContent
{
    /// <summary>The most bytes that are read of any file.</summary>
    public const int Longest = 4 * 1024 * 1024;

    /// <summary>The most bytes that a value of a policy stands for.</summary>
    public const int LongestValue = 1024 * 1024;

    private const int MostLooks = 3;
    private const string TooLong = "it is too long";

    private ValueContent(byte[]? bytes, UnixFileMode mode, string? problem, ContentVersion version) =>
        (Bytes, Mode, Problem, Version) = (bytes, mode, problem, version);

    /// <summary>
    /// The bytes; none for an empty file and for anything but a regular file; <see langword="null"/> if there is a
    /// problem.
    /// </summary>
    public byte[]? Bytes { get; }

    /// <summary>The rights on the file, where the platform has them and the file was opened.</summary>
    public UnixFileMode Mode { get; }

    /// <summary>
    /// Why the file cannot be used, in words that do not depend on the platform; <see langword="null"/>: it can.
    /// </summary>
    public string? Problem { get; }

    /// <summary>Whether the problem is that there are more bytes than the caller allows.</summary>
    public bool IsTooLong { get; private init; }

    /// <summary>
    /// The version of the bytes or of the problem. It does not depend on how many bytes the caller allows, so that
    /// readers with different limits see the same changes.
    /// </summary>
    public ContentVersion Version { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">How many bytes it may have, at most <see cref="Longest"/>.</param>
    /// <param name="reads">The time limit; <see langword="null"/>: by the system clock.</param>
    public static ValueContent Read(string path, int most = Longest, BoundedReads? reads = null)
    {
        try
        {
            return ReadRegular(path, reads ?? BoundedReads.Default).Within(most);
        }
        catch (Exception e) when (FileFaults.Reason(e) is { } reason)
        {
            return Unusable(reason);
        }
    }

    /// <summary>The same content, or a problem if it has more than <paramref name="most"/> bytes.</summary>
    public ValueContent Within(int most) =>
        Bytes?.Length > most || IsTooLong
            ? new(null, Mode, $"it is longer than {most / (1024 * 1024)} MiB", Version) { IsTooLong = true }
            : this;

    /// <summary>
    /// A pipe or a device has no length and is not opened: opening could wait forever, and reading might never end. One
    /// may take the file's place after this look, so opening has a time limit too. After a call has hung, further calls
    /// are identified by what a look at the path shows, so that the hanging call does not block the file that replaces
    /// it.
    /// </summary>
    private static ValueContent ReadRegular(string path, BoundedReads reads)
    {
        var (question, folder) = ($"read {path}", Path.GetDirectoryName(path) ?? "");
        if (!reads.IsHanging(question))
        {
            return reads.Ask(question, folder, () => Look(path).Read(reads));
        }

        var seen = reads.Ask($"look at {path}", folder, () => Look(path));
        return reads.Ask($"open {seen}", folder, () => seen.Read(reads));
    }

    /// <summary>
    /// A link, as in mounted secrets, has a length of its own, so it is followed first. If a mount is replaced
    /// meanwhile, the link leads elsewhere at the next look.
    /// </summary>
    private static SeenFile Look(string path)
    {
        for (var look = 1; ; look++)
        {
            var named = new FileInfo(path);
            if (named.LinkTarget is null)
            {
                return Seen(path, named);
            }

            // Not ResolveLinkTarget of the platform: it removes '..' from a target that is itself behind another link.
            var real = RealPath.Of(named.FullName) ?? throw new InvalidDataException(
                "it is a link that cannot be followed to its end; links may lead in a circle");
            try
            {
                _ = File.GetAttributes(real);
                return Seen(path, new FileInfo(real));
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                if (look == MostLooks)
                {
                    throw new InvalidDataException("it is a link whose target does not exist");
                }
            }
        }
    }

    private static SeenFile Seen(string path, FileInfo file) =>
        file.Exists || !Directory.Exists(file.FullName)
            ? new SeenFile(path, file.FullName, file.Length, file.LastWriteTimeUtc.Ticks)
            : throw new InvalidDataException("it is a folder; name a file in it");

    public static ValueContent Usable(byte[] bytes, UnixFileMode mode = UnixFileMode.None) =>
        new(bytes, mode, null, ContentVersion.Of(bytes));

    public static ValueContent Unusable(string reason) =>
        new(null, UnixFileMode.None, reason, ContentVersion.Unreadable(reason));

    /// <summary>
    /// A file as a look found it, and the path under which it is opened: the system follows its links.
    /// </summary>
    private sealed record SeenFile(string Path, string RealPath, long Length, long Written)
    {
        public ValueContent Read(BoundedReads reads) => Length switch
        {
            0 => Usable([], UnixFileMode.None),
            > Longest => new(null, UnixFileMode.None, TooLong, ContentVersion.Unreadable(TooLong)) { IsTooLong = true },
            _ => Open(reads),
        };

        private ValueContent Open(BoundedReads reads)
        {
            reads.Opening(RealPath, Length);

            // Anything but a regular file has another length, or none, which throws.
            using var file = File.OpenHandle(Path);
            var bytes = new byte[Length];
            return RandomAccess.GetLength(file) != Length || RandomAccess.Read(file, bytes, 0) != Length
                ? Unusable("it changes while it is read")
                : Usable(bytes, OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(file));
        }
    }
}
