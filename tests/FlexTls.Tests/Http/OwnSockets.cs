using System.Globalization;
using Xunit;

namespace FlexTls.Http;

/// <summary>The sockets of this process, as the kernel lists them.</summary>
internal static class OwnSockets
{
    /// <summary>How many sockets that this process holds are connected to a port of this machine, in whatever state.</summary>
    public static int ConnectedTo(int port)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists the sockets of a process in files.");
        var held = Directory.EnumerateFiles("/proc/self/fd").Select(Target).ToHashSet();
        return new[] { "/proc/self/net/tcp", "/proc/self/net/tcp6" }.Where(File.Exists).SelectMany(table => File.ReadLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(row => RemotePort(row) == port && held.Contains($"socket:[{row[9]}]"))

            // The kernel may list one twice while others come and go.
            .Select(row => row[9]).Distinct().Count();
    }

    private static int RemotePort(string[] row) => int.Parse(row[2].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string? Target(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return null;
        }
    }
}
