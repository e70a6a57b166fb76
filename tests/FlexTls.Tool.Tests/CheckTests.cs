using System.Globalization;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Tool;

/// <summary><c>flextls check</c>: what it finds, how it says so, and what it returns.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("flextls-test-");

    [Fact]
    public async Task GoodPolicies_AreCounted()
    {
        var run = await ToolRun.OfAsync("check", Write("orders.yaml", Bindings.Of("minversion: '1.3'")));

        Assert.Equal((0, "1 upstream: 0 errors, 0 warnings.\n", ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task EveryFault_IsALine_InFileOrder()
    {
        var file = Write(
            "orders.yaml", Bindings.Of("skipValidation: true\n    minversion: '1.4'\n    maxverson: '1.3'"));

        var run = await ToolRun.OfAsync("check", file);

        Assert.Equal(1, run.ExitCode);
        Assert.Collection(
            run.Lines,
            line => Assert.StartsWith($"{file}(12,21): warning FTLS2001: ", line, StringComparison.Ordinal),
            line => Assert.StartsWith($"{file}(13,17): error FTLS2007: ", line, StringComparison.Ordinal),
            line => Assert.StartsWith($"{file}(14,5): error FTLS1003: ", line, StringComparison.Ordinal),
            line => Assert.Equal("2 errors, 1 warning.", line));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Warnings_AreErrors_IfTheyShallBe(bool areErrors, int exitCode)
    {
        var file = Write("orders.yaml", Bindings.Of("skipValidation: true"));

        var run = areErrors
            ? await ToolRun.OfAsync("check", file, "--warnings-as-errors") : await ToolRun.OfAsync("check", file);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal("1 upstream: 0 errors, 1 warning.", run.Lines[^1]);
    }

    [Fact]
    public async Task TheStandardInput_IsAPolicyFile()
    {
        var run = await ToolRun.WithInputAsync(Bindings.Of("minversion: '1.4'"), "check", "-");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("stdin(12,17): error FTLS2007: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInputWithoutAnEnd_IsTooLong()
    {
        var run = await ToolRun.WithInputAsync(new string('#', 5 * 1024 * 1024), "check", "-");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("error FTLS1020: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameThatMovesTheCursor_DoesNotDoSo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have no such names.");
        var file = Write("a\u001b[2Kb.yaml", Bindings.Of("minversion: '1.4'"));

        var run = await ToolRun.OfAsync("check", file);

        Assert.Contains("[2Kb.yaml(12,17): error FTLS2007", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    [Fact]
    public async Task ASectionOfAppsettings_IsChecked()
    {
        var file = Write("appsettings.json", """{ "Tls": { "Upstreams": { "orders": { "minversion": "1.4" } } } }""");

        var run = await ToolRun.OfAsync("check", file, "--section", "Tls");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith(
            $"{file}: error FTLS2007: Tls:Upstreams:orders:minversion is '1.4'", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilesTogether_ShowWhatOneAloneDoesNot()
    {
        Write("a.yaml", Bindings.Of("minversion: '1.3'"));
        Write("b.yaml", Bindings.Of("minversion: '1.2'"));

        var run = await ToolRun.OfAsync("check", _temp.FullName);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("error FTLS1014: ", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 1, "error FTLS1030: ")]
    [InlineData(true, 0, "info FTLS1030: ")]
    public async Task AVariableThatIsNotSet_IsAllowed_IfItShallBe(bool isAllowed, int exitCode, string words)
    {
        var file = Write("orders.yaml", Bindings.Of("trustedCA: $FLEXTLS_TESTS_UNSET"));

        var run = isAllowed
            ? await ToolRun.OfAsync("check", file, "--allow-missing-env") : await ToolRun.OfAsync("check", file);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(words, run.Out, StringComparison.Ordinal);
        Assert.Equal(isAllowed, run.Out.Contains("info FTLS8003: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RelativePathsInASection_BeginInItsFolder()
    {
        Directory.CreateDirectory(Path.Combine(_temp.FullName, "App/policies"));
        var file = Write("App/appsettings.json", """{ "OutboundTls": { "PolicyFiles": [ "policies/*.yaml" ] } }""");
        Write("App/policies/orders.yaml", Bindings.Of("minversion: '1.4'"));

        var run = await ToolRun.OfAsync("check", file);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("App/policies/orders.yaml(12,17): error FTLS2007", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("th-TH")]
    [InlineData("fa-IR")]
    [InlineData("de-DE")]
    public async Task TheTimeToJudgeBy_IsTheSameInEveryLocale(string culture)
    {
        using var ca = TestCA.Root("CN=ends", notAfter: DateTimeOffset.UtcNow.AddDays(365));
        Write("ca.pem", ca.Pem);
        var file = Write("orders.yaml", Bindings.Of("trustedCA: file:ca.pem"));
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        try
        {
            var run = await ToolRun.OfAsync("check", file, "--at", $"{DateTimeOffset.UtcNow.AddDays(400).Year}-12-31");

            Assert.Contains("expired at", run.Out, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task AFileWhoseNameBeginsWithAt_IsAFile()
    {
        var file = Write("@orders.yaml", Bindings.Of("minversion: '1.4'"));

        var run = await ToolRun.OfAsync("check", file);

        Assert.Contains("error FTLS2007", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, null)]
    [InlineData(10, "warning FTLS8001: upstream 'orders': 'CN=ends' expires at ")]
    [InlineData(-1, "orders.yaml(12,5): warning FTLS4005: ")]
    public async Task TheTimeToJudgeBy_CanBeAnother(int daysBeforeTheEnd, string? words)
    {
        var end = DateTimeOffset.UtcNow.AddDays(365);
        using var ca = TestCA.Root("CN=ends", notAfter: end);
        Write("ca.pem", ca.Pem);
        var file = Write("orders.yaml", Bindings.Of("trustedCA: file:ca.pem"));

        var at = $"{end.AddDays(-daysBeforeTheEnd):yyyy-MM-ddTHH:mm:ssZ}";
        var run = await ToolRun.OfAsync("check", file, "--at", at);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(words is null ? 1 : 2, run.Lines.Count);
        Assert.Contains(words ?? "0 warnings", run.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("chek", "x")]
    [InlineData("check", "x", "--format", "xml")]
    [InlineData("check", "x", "--at", "tomorrow")]
    [InlineData("check", "nothing.json")]
    [InlineData("check", "policies", "--warning-as-errors")]
    [InlineData("explain", "orders", "policies", "--dif", "next")]
    [InlineData("which", "orders", "policies", "--sectoin", "X")]
    public async Task ACommandThatCannotLook_ReturnsTwo_AndSaysWhy(params string[] args)
    {
        var run = await ToolRun.OfAsync(args);

        Assert.Equal(2, run.ExitCode);
        Assert.NotEqual("", run.Error);
    }

    [Fact]
    public async Task AnAppsettingsFileThatIsNoJson_IsNamedWithTheLine()
    {
        var file = Write("appsettings.json", "{\n  \"OutboundTls\": oops }");

        var run = await ToolRun.OfAsync("check", file);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"flextls: {file}: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("LineNumber: 1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSchema_IsTheOneOfTheDocs()
    {
        var run = await ToolRun.OfAsync("schema");

        Assert.Equal(RepositoryFiles.Read("docs/schema/flextls-policy.schema.json").TrimEnd(), run.Out.TrimEnd());
    }

    public void Dispose() => _temp.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_temp.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
