using System.Text.Json;
using NJsonSchema;
using Xunit;

namespace FlexTls.Tool;

/// <summary>The formats of <c>flextls check</c> for programs.</summary>
public sealed class ReportFormatTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("flextls-test-");

    [Fact]
    public async Task Json_HasEveryFinding()
    {
        var file = Write("orders.yaml", Bindings.Of("minversion: '1.4'"));

        var run = await ToolRun.OfAsync("check", file, "--format", "json");

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal(1, json.RootElement.GetProperty("errors").GetInt32());
        var finding = json.RootElement.GetProperty("findings").EnumerateArray().Single();
        Assert.Equal(
            ("FTLS2007", "error", file, 12, 17),
            (finding.GetProperty("code").GetString(), finding.GetProperty("severity").GetString(),
                finding.GetProperty("file").GetString(), finding.GetProperty("line").GetInt32(),
                finding.GetProperty("column").GetInt32()));
    }

    [Fact]
    public async Task Sarif_HasEveryFinding()
    {
        var file = Write("orders 100%.yaml", Bindings.Of("minversion: '1.4'"));

        var run = await ToolRun.OfAsync("check", file, "--format", "sarif");

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal("2.1.0", json.RootElement.GetProperty("version").GetString());
        var result = json.RootElement.GetProperty("runs")[0].GetProperty("results")[0];
        var place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal(
            ("FTLS2007", "error", new Uri(file).AbsoluteUri, 12),
            (result.GetProperty("ruleId").GetString(), result.GetProperty("level").GetString(),
                place.GetProperty("artifactLocation").GetProperty("uri").GetString(),
                place.GetProperty("region").GetProperty("startLine").GetInt32()));
    }

    [Fact]
    public async Task Sarif_IsWhatItsSchemaSays()
    {
        var schema = await JsonSchema.FromFileAsync(
            Path.Combine(AppContext.BaseDirectory, "sarif-2.1.0.json"), TestContext.Current.CancellationToken);
        var files = new[]
        {
            Write("good.yaml", Bindings.Of("minversion: '1.3'")),
            Write(
                "bad.yaml",
                Bindings.Of("skipValidation: true\n    minversion: '1.4'\n    trustedCA: $FLEXTLS_TESTS_UNSET")),
            Write("appsettings.json", """{ "OutboundTls": { "Upstreams": { "orders": { "minversion": "1.4" } } } }"""),
        };
        foreach (var file in files)
        {
            var run = await ToolRun.OfAsync("check", file, "--format", "sarif");

            Assert.Empty(schema.Validate(run.Out));
            Assert.NotEmpty(schema.Validate(run.Out.Replace("\"runs\"", "\"run\"", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task GitHub_GetsAnAnnotationForEachFinding()
    {
        var file = Write("a,b.yaml", Bindings.Of("minversion: '1.4'"));

        var run = await ToolRun.OfAsync("check", file, "--format", "github");

        Assert.StartsWith(
            $"::error file={file.Replace(",", "%2C", StringComparison.Ordinal)},line=12,col=17,title=FTLS2007::",
            Assert.Single(run.Lines), StringComparison.Ordinal);
    }

    public void Dispose() => _temp.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_temp.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
