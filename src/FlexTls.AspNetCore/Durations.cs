using System.Globalization;

namespace FlexTls;

/// <summary>Times in words, by their largest unit.</summary>
internal static class Durations
{
    /// <summary><c>3 hours ago</c>.</summary>
    public static string Ago(DateTimeOffset time, DateTimeOffset now) =>
        now - time < TimeSpan.FromSeconds(1) ? "just now" : $"{InWords(now - time)} ago";

    /// <summary><c>in 3 hours</c>.</summary>
    public static string In(DateTimeOffset time, DateTimeOffset now) =>
        time - now < TimeSpan.FromSeconds(1) ? "now" : $"in {InWords(time - now)}";

    /// <summary><c>3 hours</c>.</summary>
    public static string InWords(TimeSpan time) => time switch
    {
        { Days: > 730 } => Count(time.Days / 365, "year"),
        { Days: > 0 } => Count(time.Days, "day"),
        { Hours: > 0 } => Count(time.Hours, "hour"),
        { Minutes: > 0 } => Count(time.Minutes, "minute"),
        _ => Count(time.Seconds, "second"),
    };

    /// <summary><c>1 day</c>, <c>2 days</c>.</summary>
    public static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
