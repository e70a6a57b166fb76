using FlexTls.Diagnostics;

namespace FlexTls.Validation;

/// <summary>Makes the reasons for a refusal: the message is the finding and, where one is known, the fix.</summary>
internal static class Refusal
{
    public static ServerCertificateFailure Of(string code, string finding, string? hint = null, string? expected = null, string? presented = null) =>
        new(code, Text.OneLine(hint is null ? $"{finding}." : $"{finding}; {hint}."), OneLine(expected), OneLine(presented)) { Hint = OneLine(hint) };

    // Names in certificates are whatever a server wrote there.
    private static string? OneLine(string? text) => text is null ? null : Text.OneLine(text);
}
