using FlexTls.Support;
using Xunit;

namespace FlexTls.Resources;

/// <summary>Aliases in documents that are skipped are not limited, and must cost no more than their text.</summary>
public class PolicyPeekTests
{
    [Theory]
    [InlineData("apiVersion: v1\nkind: ConfigMap\n", "FTLS1017")]
    [InlineData("apiVersion: gateway.mulesoft.com/v1alpha1\nkind: PolicyBinding\n", "FTLS1006")]
    [InlineData("apiVersion: gateway.mulesoft.com/v1alpha1\nkind: Other\n", "FTLS1017")]
    public void AliasesThatRepeatEachOther_CostNoMoreThanTheirText(string head, string code)
    {
        var text = head + Cubed(250);

        Assert.InRange(AllocatedPerCharacter(text, out var set), 0, 500);
        Assert.Contains(code, set.Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void ResourcesThatShareASpec_CostNoMoreThanTheirText()
    {
        const int Many = 2_000;
        var text = "apiVersion: v1\nkind: List\nx: &s {"
            + string.Join(", ", Enumerable.Repeat("policyRef: {name: other}", Many)) + "}\nitems:\n"
            + string.Concat(Enumerable.Repeat("- {apiVersion: x/v1, kind: Other, spec: *s}\n", Many));

        Assert.InRange(AllocatedPerCharacter(text, out var set), 0, 500);
        Assert.Contains("FTLS1017", set.Diagnostics.Select(d => d.Code));
    }

    [Theory]
    [InlineData("spec: {policyRef: {name: other}}\n", "I:FTLS1017")]
    [InlineData("spec: {policyRef: {name: tls-outbound}}\n", "E:FTLS1011")]
    [InlineData("a: &n {name: tls-outbund}\nspec: {policyRef: *n}\n", "E:FTLS1011")]
    [InlineData("spec: {policyRef: {name: other}}\nSPEC: {policyRef: {name: tls-outbound}}\n", "E:FTLS1011")]
    [InlineData("spec: {policyRef: {name: other, Name: tls-outbound}}\n", "E:FTLS1011")]
    public void AResourceOfAnotherApi_IsOursIfAnyOfItsNamesIs(string spec, string code)
    {
        TlsPolicyFile.TryParse("apiVersion: v1\nkind: ConfigMap\n" + spec, null, out var set);

        Assert.Contains(code, set.Diagnostics.Codes());
    }

    [Theory]
    [InlineData("{name: other}", "FTLS1017")]
    [InlineData("{name: other, NAME: other}", "FTLS1006")]
    [InlineData("{name: *o, NAME: *o}", "FTLS1006")]
    [InlineData("{}", "FTLS1006")]
    public void ABinding_IsAnotherPolicysOnlyIfOneNameSaysSo(string policyRef, string code)
    {
        TlsPolicyFile.TryParse(
            $"x: &o other\napiVersion: gateway.mulesoft.com/v1alpha1\nkind: PolicyBinding\nspec: {{policyRef: {policyRef}}}\n",
            null, out var set);

        Assert.Contains(code, set.Diagnostics.Select(d => d.Code));
    }

    /// <summary>A text whose aliases lead to the cube of <paramref name="many"/> names.</summary>
    private static string Cubed(int many) =>
        $"a: &n {{{string.Join(", ", Enumerable.Repeat("name: x", many))}}}\n"
        + $"b: &p {{{string.Join(", ", Enumerable.Repeat("policyRef: *n", many))}}}\n"
        + string.Concat(Enumerable.Repeat("spec: *p\n", many));

    private static long AllocatedPerCharacter(string text, out TlsPolicySet set)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        TlsPolicyFile.TryParse(text, null, out set);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / text.Length;
    }
}
