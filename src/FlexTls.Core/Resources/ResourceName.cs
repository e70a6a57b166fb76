namespace FlexTls;

/// <summary>
/// The rules for names and namespaces: only those of Kubernetes' rules without which two resources could be
/// indistinguishable, or a name would not be one word in a line of text.
/// </summary>
internal static class ResourceName
{
    private const int Longest = 253;

    public static bool IsValid(string name) => name.Length is > 0 and <= Longest
        && !name.Contains('/', StringComparison.Ordinal) && !name.EnumerateRunes().Any(UnseenCharacters.Holds);

    /// <summary>The name; <see langword="null"/> after a reported fault.</summary>
    public static PolicyValue? Checked(PolicyValue? name, DiagnosticList diagnostics)
    {
        if (name is null || IsValid(name.Text))
        {
            return name;
        }

        diagnostics.Error(DiagnosticCodes.BadName, name.Place,
            $"{name.Place.Path} is {name.Quoted}; a name has at most {Longest} characters, none of which is '/' or "
            + "invisible. A namespace has a key of its own, namespace.");
        return null;
    }
}
