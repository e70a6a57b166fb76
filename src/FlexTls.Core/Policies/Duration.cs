using System.Globalization;
using System.Text.RegularExpressions;

namespace FlexTls;

/// <summary>A duration as a policy writes it: a whole number and one unit, such as <c>30s</c>.</summary>
internal static partial class Duration
{
    private static readonly (string Name, long Ticks)[] Units =
        [("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
            ("ms", TimeSpan.TicksPerMillisecond)];

    /// <summary>The duration; <see langword="null"/> if the text is not a duration.</summary>
    public static TimeSpan? TryParse(string text) =>
        Written().Match(text) is { Success: true } match
            ? Of(match.Groups["number"].Value, match.Groups["unit"].Value)
            : null;

    /// <summary>
    /// What the author of another spelling must have meant: a bare number, a clock, ISO 8601, several units.
    /// </summary>
    public static TimeSpan? Guess(string text)
    {
        if (TimeSpan.TryParseExact(text, @"hh\:mm\:ss", CultureInfo.InvariantCulture, out var clock))
        {
            return clock;
        }

        if (Parts().Match(text) is not { Success: true } match)
        {
            return TryParse($"{text}s");
        }

        var parts = match.Groups["number"].Captures.Zip(
            match.Groups["unit"].Captures, (number, unit) => Of(number.Value, unit.Value.ToLowerInvariant()));
        return parts.Aggregate(TimeSpan.Zero, (sum, part) => sum + part);
    }

    /// <summary>
    /// A duration of whole milliseconds in the spelling of a policy, in the largest unit that needs no fraction.
    /// </summary>
    public static string Show(TimeSpan duration)
    {
        var (name, ticks) = duration == TimeSpan.Zero
            ? ("s", TimeSpan.TicksPerSecond)
            : Units.First(unit => duration.Ticks % unit.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / ticks}{name}");
    }

    private static TimeSpan Of(string number, string unit) =>
        new(long.Parse(number, CultureInfo.InvariantCulture) * Units.First(known => known.Name == unit).Ticks);

    // Eight digits can express a day in milliseconds, and even in hours they fit into a TimeSpan.
    [GeneratedRegex(@"^(?<number>0|[1-9][0-9]{0,7})(?<unit>ms|s|m|h)\z")]
    private static partial Regex Written();

    // Limited digits, so that the sum fits too.
    [GeneratedRegex(
        @"^\s*(PT)?((?<number>[0-9]{1,6})\s*"
            + @"((?<unit>ms|s|m|h)|(?<unit>s)ec(ond)?s?|(?<unit>m)in(ute)?s?|(?<unit>h)ours?)\s*){1,4}\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Parts();
}
