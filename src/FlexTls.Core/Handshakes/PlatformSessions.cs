using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>
/// What must be known of the sessions that the platform keeps for the whole process. It keeps one for each host name
/// and client certificate, whatever the port and the trust.
/// </summary>
internal static partial class PlatformSessions
{
    private const int MostDistrusted = 10_000;

    // The longest lifetime of a session (RFC 8446, section 4.6.1).
    private static readonly long LongestLife = (long)TimeSpan.FromDays(7).TotalMilliseconds;

    private static readonly ConcurrentDictionary<(string Host, string Certificate), long> Distrusted = new();
    private static bool _areOff;

    /// <summary>Whether a session with the host, under this client certificate, may be resumed.</summary>
    /// <param name="host">The host name.</param>
    /// <param name="identity">The client certificate; <see langword="null"/>: none.</param>
    public static bool MayResume(string host, LoadedIdentity? identity)
    {
        if (_areOff || identity is null)
        {
            return !_areOff;
        }

        return Distrusted.Count < MostDistrusted
            && !(Distrusted.TryGetValue((host, identity.Summary.Sha256Fingerprint), out var since)
                && Environment.TickCount64 - since < LongestLife);
    }

    /// <summary>
    /// Records that a full handshake with the host did not use the client certificate: its session would be resumed
    /// without one even after the server has begun to require it; or that the server refused the client in a resumed
    /// one.
    /// </summary>
    public static void Distrust(string host, LoadedIdentity identity)
    {
        if (Distrusted.Count >= MostDistrusted)
        {
            foreach (var pair in Distrusted.Where(pair => Environment.TickCount64 - pair.Value >= LongestLife))
            {
                Distrusted.TryRemove(pair);
            }
        }

        Distrusted[(host, identity.Summary.Sha256Fingerprint)] = Environment.TickCount64;
    }

    /// <summary>Resumes no session any more in this process: the platform no longer validates resumed ones.</summary>
    public static void SwitchOff(ILogger logger)
    {
        if (!Interlocked.Exchange(ref _areOff, true))
        {
            ResumptionOff(logger);
        }
    }

    [LoggerMessage(
        5, LogLevel.Warning,
        "The platform did not validate the server of a resumed session. The connection was closed, and this process no "
        + "longer resumes sessions.")]
    private static partial void ResumptionOff(ILogger logger);
}
