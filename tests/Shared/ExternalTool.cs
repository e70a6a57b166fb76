using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace FlexTls.Support;

/// <summary>Programs that tests use and that a user's machine may lack: there the test is skipped, in CI it fails.</summary>
internal static class ExternalTool
{
    private static readonly ConcurrentDictionary<string, bool> Found = new(StringComparer.Ordinal);

    public static void RequireOpenSsl() => Require("openssl", "version");

    /// <summary>Requires a program that, with this argument, says something about itself and ends.</summary>
    public static void Require(string name, string argument)
    {
        if (!Found.GetOrAdd(name, IsInstalled, argument))
        {
            SkipOrFail($"'{name}' is not installed");
        }
    }

    /// <summary>Ends a test for want of something: skipped on a user's machine, failed in CI.</summary>
    public static void SkipOrFail(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }

    private static bool IsInstalled(string name, string argument)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(name, argument) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();

            // Some that know no such argument show their usage with another exit code; they are there all the same.
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
