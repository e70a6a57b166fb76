using System.Globalization;

namespace FlexTls;

/// <summary>
/// The last hour, a stroke for each minute: handshakes rise above the line, failures hang below it.
/// </summary>
internal static class HistoryCell
{
    private const int Minutes = 60;
    private const double Above = 16;
    private const double Below = 7;

    public static void Write(PageWriter page, IReadOnlyList<UpstreamTlsMinute> minutes)
    {
        if (minutes.Count == 0)
        {
            page.Write($"<span class=\"muted\">no handshakes</span>");
            return;
        }

        var handshakes = minutes.Sum(minute => minute.Handshakes);
        var failures = minutes.Sum(minute => minute.Failures);
        var words = Durations.Count(handshakes, "handshake")
            + (failures > 0 ? $", {Durations.Count(failures, "failure")}" : "");
        var most = Math.Max(1, minutes.Max(minute => Math.Max(minute.Handshakes, minute.Failures)));
        page.Write($"<svg class=\"hour\" viewBox=\"0 0 120 24\" role=\"img\" aria-label=\"Last hour: {words}\">");
        page.Write($"<path class=\"axis\" d=\"M0 16.5h120\"/>");
        var made = Strokes(page.Now, minutes, minute => -minute.Handshakes * Above / most);
        page.Write($"<path class=\"made\" d=\"{made}\"/>");
        var failed = Strokes(page.Now, minutes, minute => minute.Failures * Below / most);
        page.Write($"<path class=\"failed\" d=\"{failed}\"/>");
        page.Write($"</svg><small>{words}</small>");
    }

    private static string Strokes(
        DateTimeOffset now, IEnumerable<UpstreamTlsMinute> minutes, Func<UpstreamTlsMinute, double> length) =>
        string.Concat(
            from minute in minutes
            let age = (int)(now - minute.At).TotalMinutes
            let drawn = length(minute)
            where drawn != 0 && age is >= 0 and < Minutes
            let visible = Math.CopySign(Math.Max(1, Math.Abs(drawn)), drawn)
            let x = (2 * (Minutes - age)) - 1
            let y = drawn < 0 ? 16 : 17
            select string.Create(CultureInfo.InvariantCulture, $"M{x} {y}v{visible:0.#}"));
}
