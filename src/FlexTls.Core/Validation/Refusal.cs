using FlexTls.Diagnostics;

namespace FlexTls.Validation;

/// <summary>Makes the reasons for a refusal: the message is the finding and, where one is known, the fix.</summary>
internal static class Refusal
{
    private const int Longest = 1000;

    /// <param name="code">The code.</param>
    /// <param name="reason">
    /// In a few words, without anything that the server or the policy says: for callers of the caller.
    /// </param>
    /// <param name="finding">What is wrong.</param>
    /// <param name="hint">What would mend it.</param>
    /// <param name="expected">What the policy wants.</param>
    /// <param name="presented">What the server showed.</param>
    public static ServerCertificateFailure Of(
        string code,
        string reason,
        string finding,
        string? hint = null,
        string? expected = null,
        string? presented = null) =>
        new(code, hint is null ? $"{Shown(finding)}." : $"{Shown(finding)}; {Shown(hint)}.",
            ShownOrNothing(expected), ShownOrNothing(presented))
        {
            Reason = reason,
            Hint = ShownOrNothing(hint),
        };

    private static string? ShownOrNothing(string? text) => text is null ? null : Shown(text);

    /// <summary>What stands in certificates is whatever a server wrote there, as long as it likes.</summary>
    private static string Shown(string text) =>
        Text.OneLine(text.Length <= Longest ? text : $"{text.AsSpan(0, Longest)}…");
}
