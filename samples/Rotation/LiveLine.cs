using System.Diagnostics;
using System.Globalization;
using FlexTls;

namespace Rotation;

/// <summary>How things are now, in one line: rewritten in place on a terminal, one below the other elsewhere.</summary>
internal sealed class LiveLine
{
    private const int Width = 110;

    private readonly Load _load;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _shownAt;
    private int _shownRequests;

    public LiveLine(Load load)
    {
        _load = load;
        Console.WriteLine(Columns("second", "requests/s", "errors", "generation", "open", "draining", "state"));
    }

    public void Show(UpstreamTlsStatus status)
    {
        var (now, requests) = (_clock.Elapsed, _load.Requests);
        var rate = (requests - _shownRequests) / (now - _shownAt).TotalSeconds;
        (_shownAt, _shownRequests) = (now, requests);
        Write(Columns($"{now.TotalSeconds:0}", rate.ToString("N0", CultureInfo.InvariantCulture), _load.Errors, status.Generation, status.OpenConnections, status.DrainingConnections, State(status)));
    }

    private static string Columns(object second, object rate, object errors, object generation, object open, object draining, string state) =>
        $"{second,6}  {rate,10}  {errors,6}  {generation,10}  {open,4}  {draining,8}  {state}";

    private static string State(UpstreamTlsStatus status) =>
        status.Degradation?.Diagnostics[0] is { } fault ? $"Degraded, {fault.Code}: {fault.Message}" : "up to date";

    private static void Write(string line)
    {
        if (Console.IsOutputRedirected)
        {
            Console.WriteLine(Cut(line, Width));
            return;
        }

        // A line that is wrapped cannot be rewritten.
        var width = Console.WindowWidth > 1 ? Math.Min(Console.WindowWidth - 1, Width) : Width;
        Console.Write('\r' + Cut(line, width).PadRight(width));
    }

    private static string Cut(string line, int width) => line.Length <= width ? line : string.Concat(line.AsSpan(0, width - 1), "…");
}
