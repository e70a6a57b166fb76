using FlexTls.Support;
using Xunit;

namespace FlexTls.Documentation;

/// <summary>docs/errors.md describes every code and no other.</summary>
public class ErrorCodesTests
{
    private const string Page = "docs/errors.md";

    private static readonly IReadOnlyList<string[]> Entries = [.. MarkdownTable.Rows(Page, "FTLS").Where(row => row.Length == 4)];

    [Fact]
    public void EveryCode_HasOneEntry_AndEveryEntryACode_InTheirOrder() =>
        Assert.Equal(
            [.. AllCodes.Names.Where(code => code[4] < '7'), $"{DiagnosticCodes.ForAlert(0)}–{DiagnosticCodes.ForAlert(255)}", .. AllCodes.Names.Where(code => code[4] >= '7')],
            Entries.Select(row => row[0]));

    [Fact]
    public void NoCode_MeansTwoThings() => Assert.Distinct(AllCodes.Names);

    [Fact]
    public void EveryEntry_HasANameACauseAndAFix() => Assert.All(Entries, row => Assert.DoesNotContain("", row));
}
