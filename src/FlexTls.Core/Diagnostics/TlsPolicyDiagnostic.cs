using System.Globalization;
using FlexTls.Diagnostics;

namespace FlexTls;

/// <summary>
/// One finding about a policy: what was found, where, what is allowed and the fix. Never holds a secret.
/// </summary>
/// <param name="Code">The stable code (<c>FTLS</c> and four digits), described in docs/errors.md.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">The finding in one line of English.</param>
/// <param name="FileName">The file it was found in, or <see langword="null"/> where there is none.</param>
/// <param name="Line">The line, counted from 1; 0 where there is none.</param>
/// <param name="Column">The column in UTF-16 units, counted from 1; 0 where there is none.</param>
public sealed record TlsPolicyDiagnostic(
    string Code,
    TlsPolicyDiagnosticSeverity Severity,
    string Message,
    string? FileName,
    int Line,
    int Column)
{
    /// <summary>
    /// The diagnostic in the one-line form of compilers, <c>file(line,column): severity code: message</c>, which
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
