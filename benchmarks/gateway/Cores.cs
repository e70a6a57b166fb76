using System.Diagnostics;

namespace FlexTls.GatewayComparison;

/// <summary>Each proxy has one core for itself; the load and the upstream share the other.</summary>
internal static class Cores
{
    public const int Load = 0;
    public const int Proxy = 1;

    /// <summary>This process makes the load.</summary>
    public static void UseForLoad()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("The comparison runs on Linux: it reads CPU times from /proc.");
        }

        using var self = Process.GetCurrentProcess();
        self.ProcessorAffinity = 1 << Load;
    }
}
