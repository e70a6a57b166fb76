using System.Diagnostics;
using System.Globalization;

namespace FlexTls.GatewayComparison;

/// <summary>A process on one core, with its children.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    // The unit of the times in /proc: USER_HZ, which is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>The first line that it wrote.</summary>
    public string FirstLine { get; private set; } = "";

    /// <summary>Starts a program that writes a line when it is ready.</summary>
    public static async Task<ChildProcess> StartAsync(int core, string program, IEnumerable<string> arguments)
    {
        var child = Start(core, program, arguments);
        child.FirstLine = await child._process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{program} did not start.");
        return child;
    }

    /// <summary>Starts a program whose ports tell when it is ready.</summary>
    public static ChildProcess Start(int core, string program, IEnumerable<string> arguments) => new(Process.Start(new ProcessStartInfo(
        "taskset", ["-c", core.ToString(CultureInfo.InvariantCulture), program, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!);

    /// <summary>The CPU time of the process and of all its children, those that have ended too.</summary>
    public TimeSpan CpuTime => TimeSpan.FromSeconds(Family().Sum(TicksOf) / TicksPerSecond);

    /// <summary>Sends a signal.</summary>
    public void Signal(string signal) => Process.Start("kill", [$"-{signal}", $"{_process.Id}"]).WaitForExit();

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private HashSet<int> Family()
    {
        var parents = Directory.GetDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, out var id) ? id : 0).Where(id => id > 0)
            .Select(id => (Id: id, Parent: Fields(id) is { Length: > 3 } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0))
            .ToList();
        var family = new HashSet<int> { _process.Id };
        while (parents.Where(process => family.Contains(process.Parent)).Select(process => process.Id).Except(family).ToList() is { Count: > 0 } more)
        {
            family.UnionWith(more);
        }

        return family;
    }

    private static long TicksOf(int id) => Fields(id) is { Length: > 14 } fields
        ? fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) : 0;

    /// <summary>The fields of /proc/ID/stat after the name: state, parent … user, system, and those of ended children.</summary>
    private static string[]? Fields(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
