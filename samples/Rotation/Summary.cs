using System.Globalization;

namespace Rotation;

/// <summary>What came of it all.</summary>
internal static class Summary
{
    /// <summary>The exit code: 0 if no request has failed, and all came out as announced.</summary>
    public static int Print(IReadOnlyList<Step> steps, Load load, Metrics metrics)
    {
        Console.WriteLine(Console.IsOutputRedirected ? "" : "\n"); // The live line has no end.
        Console.WriteLine("What was written, and what came of it");
        var width = steps.Max(step => step.Written.Length);
        foreach (var (index, step) in steps.Index())
        {
            Console.WriteLine($"{index + 1,4}  {step.Written.PadRight(width)}  {(step.HasComeOut ? step.Announced : $"NOT {step.Announced}")}");
        }

        var clients = steps.Where(step => step.Client is not null).ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\n{load.Requests:N0} requests, {load.Errors:N0} failed. New certificates: {clients.Count}, seen by the upstream: {clients.Count(step => step.HasComeOut)}."));
        Console.WriteLine($"The meter counted: {metrics}.");
        foreach (var (reason, count) in load.Failures)
        {
            Console.WriteLine($"{count} × {reason}");
        }

        var isGood = load.Errors == 0 && steps.All(step => step.HasComeOut);
        Console.WriteLine(isGood ? "Nothing was restarted, and nobody noticed." : "NOT everything came out as announced.");
        return isGood ? 0 : 1;
    }
}
