using System.Diagnostics;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Resources;

public class HostileTextTests
{
    public static TheoryData<string> Names => [.. HostileTexts.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void AHostileText_IsRefusedWithItsCode(string name)
    {
        var refused = Assert.Throws<TlsPolicyException>(() => TlsPolicyFile.Parse(HostileTexts.All[name].Text, "hostile.yaml"));

        Assert.Contains(HostileTexts.All[name].Code, refused.Diagnostics.Select(d => d.Code));
        Assert.All(refused.Diagnostics, d => Assert.True(d.Message.Length < 500 && !d.Message.Any(char.IsControl), d.Message[..Math.Min(500, d.Message.Length)]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AHostileText_CostsFewEvents(string name)
    {
        var reader = new YamlDocumentReader(new YamlText(HostileTexts.All[name].Text, null), new DiagnosticList());
        if (HostileTexts.All[name].MostEvents > 0)
        {
            foreach (var _ in reader.ReadAll())
            {
                // Reading is what is measured.
            }
        }

        Assert.InRange(reader.EventsRead, 0, HostileTexts.All[name].MostEvents);
    }

    [Fact]
    public void WarningsAndInformations_AreBoundedToo()
    {
        var suites = string.Join(", ", Enumerable.Repeat("TLS_AES_128_GCM_SHA256", 50_000));
        var others = string.Concat(Enumerable.Repeat("{apiVersion: v, kind: X}, ", 50_000));
        var text = "apiVersion: gateway.mulesoft.com/v1alpha1\nkind: PolicyBinding\nmetadata: { name: a }\nspec:\n"
            + "  targetRef: { kind: Service, name: a }\n  policyRef: { name: tls-outbound }\n"
            + $"  config: {{ ciphers: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, {suites}] }}\n---\n"
            + $"apiVersion: v1\nkind: List\nitems: [{others}]\n";

        TlsPolicyFile.TryParse(text, null, out var set);

        Assert.Single(set.Bindings);
        foreach (var severity in (TlsPolicyDiagnosticSeverity[])
            [TlsPolicyDiagnosticSeverity.Warning, TlsPolicyDiagnosticSeverity.Information])
        {
            var found = set.Diagnostics.Where(diagnostic => diagnostic.Severity == severity).ToList();
            Assert.Equal(1_001, found.Count);
            Assert.Single(found, diagnostic => diagnostic.Code == "FTLS1034");
        }
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void TheDepthLimit_IsExact(int listsBelowAMapping, bool isRead)
    {
        TlsPolicyFile.TryParse($"a: {new string('[', listsBelowAMapping)}{new string(']', listsBelowAMapping)}\n", null, out var set);

        Assert.Equal(isRead, !set.Diagnostics.Any(d => d.Code == "FTLS1021"));
    }

    [Theory]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public void TheDocumentLimit_IsExact(int documents, bool isRead)
    {
        TlsPolicyFile.TryParse(string.Concat(Enumerable.Repeat("--- {apiVersion: x/v1, kind: Other}\n", documents)), null, out var set);

        Assert.Equal(isRead, !set.Diagnostics.Any(d => d.Code == "FTLS1022"));
    }

    [Fact]
    public void CarriageReturnsAlone_AreLineBreaksToo()
    {
        Assert.False(TlsPolicyFile.TryParse("apiVersion: gateway.mulesoft.com/v1alpha1\rkind: PolicyBindin\r", "mac.yaml", out var set));

        Assert.Equal((2, 7), (set.Diagnostics[0].Line, set.Diagnostics[0].Column));
    }

    [Fact(Explicit = true)]
    public async Task AChildProcess_SurvivesAllOfThem()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[typeof(HostileTextTests).Assembly.Location, "-method", $"*.{nameof(AHostileText_IsRefusedWithItsCode)}"])
        {
            start.ArgumentList.Add(argument);
        }

        using var child = Process.Start(start)!;
        var output = await child.StandardOutput.ReadToEndAsync(Deadline.Token());
        await child.WaitForExitAsync(Deadline.Token());

        // A stack overflow or an exhausted memory would have ended the process without a summary.
        Assert.True(child.ExitCode == 0, output);
        Assert.Contains($"Total: {HostileTexts.All.Count}, Errors: 0, Failed: 0", output, StringComparison.Ordinal);
    }
}
