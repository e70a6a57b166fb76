using System.Diagnostics;
using Xunit;

namespace FlexTls.Support;

/// <summary>A named pipe, which nobody writes to: opening it waits for ever.</summary>
internal static class Fifo
{
    public static void SkipWhereThereIsNone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There is no mkfifo on Windows.");
        }
    }

    /// <summary>Puts one in the place of a file, at once.</summary>
    public static void Replace(string path)
    {
        using var make = Process.Start("mkfifo", [path + ".fifo"]);
        make.WaitForExit();
        File.Move(path + ".fifo", path, overwrite: true);
    }

    /// <summary>Lets go whoever waits for a writer.</summary>
    public static void Release(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite).Dispose();
}
