namespace FlexTls;

/// <summary>
/// <c>extensions.drainTimeout</c>: how long connections may continue after their policy or its certificates were
/// replaced.
/// </summary>
internal static class DrainRules
{
    /// <summary>A longer time would mean forever in practice: a replaced certificate would stay in use.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>The duration; the default if the policy does not set one, and after an error.</summary>
    public static TimeSpan Parse(PolicyDocument document, DiagnosticList diagnostics)
    {
        if (document.DrainTimeout is not { } value)
        {
            return PolicyDefaults.DrainTimeout;
        }

        var written = Duration.TryParse(value.Text);
        if (written <= Longest)
        {
            return written.Value;
        }

        diagnostics.Error(DiagnosticCodes.BadDuration, value.Place,
            $"{value.Place.Path} is {value.Quoted}; write a whole number and one unit (ms, s, m or h), from 0s to "
            + $"{Duration.Show(Longest)}{Hint(value, written)}");
        return PolicyDefaults.DrainTimeout;
    }

    /// <summary>No hint for a value that came from elsewhere, since the hint would reveal it.</summary>
    private static string Hint(PolicyValue value, TimeSpan? written) =>
        value.Origin is null && (written ?? Duration.Guess(value.Text)) is { } meant
            ? $"; did you mean {Duration.Show(meant < Longest ? meant : Longest)}?"
            : $", such as {Duration.Show(PolicyDefaults.DrainTimeout)}.";
}
