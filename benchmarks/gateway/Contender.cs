using System.Net;
using System.Net.Sockets;

namespace FlexTls.GatewayComparison;

/// <summary>A gateway, in a process of its own.</summary>
internal abstract class Contender
{
    public abstract string Name { get; }

    /// <summary>How it takes up a renewed client certificate; <see langword="null"/>: only by a restart.</summary>
    public virtual string? TakesUp => null;

    public virtual bool IsInstalled => true;

    /// <summary>
    /// How long it works before it is measured. With one busy core to itself, .NET has compiled a gateway to its best
    /// only after 50 s: before, a request costs it up to three times as much.
    /// </summary>
    public virtual TimeSpan WarmUp => TimeSpan.FromSeconds(60);

    /// <summary>Starts it on two ports, for HTTP/1.1 and HTTP/2.</summary>
    protected abstract ChildProcess Start(Site site, int http1, int http2);

    /// <summary>Makes it take up what is in the files now.</summary>
    public virtual void Reload(ChildProcess process)
    {
    }

    public async Task<RunningContender> StartAsync(Site site)
    {
        var (http1, http2) = (FreePort(), FreePort());
        var process = Start(site, http1, http2);
        var running = new RunningContender(this, process, http1, http2);
        await running.UntilReadyAsync();
        return running;
    }

    protected static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, program)));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
