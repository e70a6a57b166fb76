namespace FlexTls;

/// <summary>Creates the reasons for a refusal: the message is the finding and, if known, the fix.</summary>
internal static class Refusal
{
    private const int Longest = 1000;

    /// <param name="code">The code.</param>
    /// <param name="reason">
    /// A short reason that contains nothing from the server or the policy, for the callers of a gateway.
    /// </param>
    /// <param name="finding">The fault.</param>
    /// <param name="hint">The fix.</param>
    /// <param name="expected">What the policy requires.</param>
    /// <param name="presented">What the server presented.</param>
    public static ServerCertificateFailure Of(
        string code,
        string reason,
        string finding,
        string? hint = null,
        string? expected = null,
        string? presented = null) =>
        new()
        {
            Code = code,
            Message = hint is null ? $"{Shown(finding)}." : $"{Shown(finding)}; {Shown(hint)}.",
            Expected = ShownOrNothing(expected),
            Presented = ShownOrNothing(presented),
            Reason = reason,
            Hint = ShownOrNothing(hint),
        };

    private static string? ShownOrNothing(string? text) => text is null ? null : Shown(text);

    /// <summary>Text in a certificate is whatever a server puts there, of any length.</summary>
    private static string Shown(string text) =>
        Text.OneLine(text.Length <= Longest ? text : $"{text.AsSpan(0, Longest)}…");
}
