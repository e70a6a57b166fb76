namespace FlexTls;

/// <summary>
/// A value that is exactly <c>$NAME</c> stands for the value of that environment variable, which is taken literally: it
/// is not expanded again, and <c>file:</c> has no meaning in it.
/// </summary>
internal static class EnvironmentValues
{
    private const int LongestName = 120;
    private const string Escape = "write '$$' for a text that begins with '$'";

    /// <summary>
    /// The value itself, or the value of its variable; <see langword="null"/> after a reported fault.
    /// </summary>
    /// <param name="value">The value as its author wrote it.</param>
    /// <param name="diagnostics">Receives the faults.</param>
    /// <param name="isShown">Whether a message may show a value that looks like the name of a variable.</param>
    /// <param name="otherwise">What the message advises as the alternative to setting the variable.</param>
    public static PolicyValue? Expand(
        PolicyValue value, DiagnosticList diagnostics, bool isShown = true, string otherwise = "leave the key out")
    {
        if (!ValueReferences.IsVariable(value.Text))
        {
            return IsMisspelled(value, diagnostics) ? null : value;
        }

        var text = Environment.GetEnvironmentVariable(value.Text[1..]);
        if (!string.IsNullOrEmpty(text))
        {
            return value.StandsFor(text);
        }

        var found = isShown
            ? $"is {Text.Cut(value.Text, LongestName)}, and that environment variable"
            : "begins with '$' and so names an environment variable, which";
        diagnostics.Error(DiagnosticCodes.UnsetVariable, value.Place,
            $"{value.Place.Path} {found} is {(text is null ? "not set" : "empty")}; set it, or {otherwise}.");
        return null;
    }

    /// <summary>
    /// The same for a value of <c>extensions</c>, where '$$' at the beginning stands for a literal '$'.
    /// </summary>
    public static PolicyValue? ExpandOrUnescape(PolicyValue value, DiagnosticList diagnostics, bool isSecret = false)
    {
        if (value.Text.StartsWith("$$", StringComparison.Ordinal))
        {
            return value with { Text = value.Text[1..] };
        }

        if (ValueReferences.IsVariable(value.Text))
        {
            return isSecret ? Expand(value, diagnostics, isShown: false, Escape) : Expand(value, diagnostics);
        }

        if (!value.Text.StartsWith('$'))
        {
            return !isSecret && IsMisspelled(value, diagnostics) ? null : value;
        }

        diagnostics.Error(DiagnosticCodes.AmbiguousDollar, value.Place,
            ReferenceMistakes.OfVariable(value.Text) is { } mistake
            ? $"{value.Place.Path} {mistake}, or '$$' for a text that begins with '$'."
            : $"{value.Place.Path} begins with '$' and is not the name of an environment variable; {Escape}.");
        return null;
    }

    private static bool IsMisspelled(PolicyValue value, DiagnosticList diagnostics)
    {
        if (ReferenceMistakes.OfVariable(value.Text) is not { } mistake)
        {
            return false;
        }

        diagnostics.Error(DiagnosticCodes.NotAReference, value.Place, $"{value.Place.Path} {mistake}.");
        return true;
    }
}
