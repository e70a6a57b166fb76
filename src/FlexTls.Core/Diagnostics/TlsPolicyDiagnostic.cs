using System.Globalization;

namespace FlexTls;

/// <summary>
/// A finding about a policy: the fault, its place, the allowed values and the fix. Never contains a secret.
/// </summary>
/// <param name="Code">The stable code (<c>FTLS</c> and four digits), described in docs/errors.md.</param>
/// <param name="Severity">The severity.</param>
/// <param name="Message">The finding on one line, in English.</param>
/// <param name="FileName">The file of the finding, or <see langword="null"/> if there is none.</param>
/// <param name="Line">The line, counted from 1; 0 if there is none.</param>
/// <param name="Column">The column in UTF-16 units, counted from 1; 0 if there is none.</param>
public sealed record TlsPolicyDiagnostic(
    string Code,
    TlsPolicyDiagnosticSeverity Severity,
    string Message,
    string? FileName,
    int Line,
    int Column)
{
    // Later members are properties with init in this body, never parameters: another parameter would change the
    // constructor and Deconstruct that programs are compiled against.

    /// <summary>
    /// The diagnostic in the one-line format of compilers, <c>file(line,column): severity code: message</c>, which
    /// editors and build servers turn into a link.
    /// </summary>
    /// <returns>The line, without a line end.</returns>
    public override string ToString()
    {
        var position = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"({Line},{Column})") : "";
        var place = FileName is null && Line == 0 ? "" : $"{FileName ?? "policy"}{position}: ";
        var severity = Severity switch
        {
            TlsPolicyDiagnosticSeverity.Error => "error",
            TlsPolicyDiagnosticSeverity.Warning => "warning",
            _ => "info",
        };
        return Text.OneLine($"{place}{severity} {Code}: {Message}");
    }
}
