using System.Reflection;
using System.Text.RegularExpressions;
using FlexTls.Support;

namespace FlexTls.Documentation;

/// <summary>The codes of all packages: those of packages that use public members only stand in their own files.</summary>
internal static partial class AllCodes
{
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(DiagnosticCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Concat(Literal().Matches(RepositoryFiles.Read("src/FlexTls.Yarp/ProxyCodes.cs"))
                .Select(match => match.Value))
            .Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex("FTLS[0-9]{4}")]
    private static partial Regex Literal();
}
