using FlexTls.Support;
using Xunit;

namespace FlexTls.Resources;

/// <summary>Files, folders and globs: what is found, what is refused, and what only shows across files.</summary>
public sealed class TlsPolicyFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void AFile_ItsFolder_AndAGlob_GiveTheSameBindings()
    {
        var file = Write("orders.yaml", Binding("orders"));

        foreach (var name in new[] { file, _folder.FullName, Path.Combine(_folder.FullName, "*.yaml"), Path.Combine(_folder.FullName, "**", "ord*.yaml") })
        {
            var binding = Assert.Single(TlsPolicyFile.Load(name).Bindings);
            Assert.Equal("orders", binding.TargetName);
            Assert.Equal(file, binding.FileName);
        }
    }

    [Fact]
    public void AFolder_GivesItsYamlFilesInOrder_AndNothingElse()
    {
        Write("b.yml", Binding("b"));
        Write("a.yaml", Binding("a"));
        Write("c.yaml.bak", "not: [yaml");
        Write("sub/d.yaml", Binding("d"));

        Assert.Equal(["a", "b"], TlsPolicyFile.Load(_folder.FullName).Bindings.Select(b => b.TargetName));
        Assert.Equal(["a", "d"], TlsPolicyFile.Load(Path.Combine(_folder.FullName, "**/*.yaml")).Bindings.Select(b => b.TargetName));
    }

    [Fact]
    public void AFileThatIsNamedTwice_IsReadOnce()
    {
        var file = Write("orders.yaml", Binding("orders"));

        Assert.Single(TlsPolicyFile.Load(file, _folder.FullName, Path.Combine(_folder.FullName, ".", "orders.yaml")).Bindings);
    }

    [Fact]
    public void ANameThatMatchesNothing_IsAnError()
    {
        foreach (var name in new[] { "missing.yaml", "missing/", "missing/*.yaml", "*.nothing" })
        {
            var found = Refused(Path.Combine(_folder.FullName, name));
            Assert.Equal(["E:FTLS1024"], found.Codes());
        }

        Assert.Equal(["E:FTLS1024"], Refused(_folder.FullName).Codes());
    }

    [Fact]
    public void AFileWithoutABinding_IsAnErrorOnlyWhereItWasNamedOnItsOwn()
    {
        var file = Write("services.yaml", "apiVersion: gateway.mulesoft.com/v1alpha1\nkind: Service\nmetadata: {name: orders}\nspec: {address: https://orders/}\n");
        Write("z.yaml", Binding("orders"));

        Assert.Equal(["E:FTLS1025"], Refused(file).Codes());
        var set = TlsPolicyFile.Load(_folder.FullName);
        Assert.Single(set.Bindings);
        Assert.Equal("https://orders/", Assert.Single(set.Services).Address.ToString());
    }

    [Fact]
    public void TwoFilesForOneService_AreAConflictThatNamesBoth()
    {
        var first = Write("a.yaml", Binding("orders"));
        var second = Write("b.yaml", "---\n" + Binding("orders"));

        var found = Assert.Single(Refused(_folder.FullName));

        Assert.StartsWith($"{second}(2,1): error FTLS1014: ", found.ToString(), StringComparison.Ordinal);
        Assert.Contains($"{first}(1)", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FaultsOfAllFiles_AreReportedTogether_InTheOrderOfTheFiles()
    {
        Write("a.yaml", Binding("a", "minversion: 1.4"));
        Write("b.yaml", "not: [yaml\n");
        Write("c.yaml", Binding("c", "maxversion: 1.0"));
        var missing = Path.Combine(_folder.FullName, "missing.yaml");

        var found = Refused(_folder.FullName, missing);

        Assert.Equal(["a.yaml", "b.yaml", "c.yaml", "missing.yaml"], found.Select(d => Path.GetFileName(d.FileName)).Order());
        Assert.Equal(["E:FTLS1001", "E:FTLS1024", "E:FTLS2007", "E:FTLS2007"], found.Codes().Order());
    }

    [Fact]
    public void AFaultInOneFile_IsNoMissingBindingInTheNext()
    {
        var first = Write("a.yaml", Binding("a", "minversion: 1.4"));
        var second = Write("b.yaml", Binding("b", "minversion: 1.4"));

        Assert.Equal(["E:FTLS2007", "E:FTLS2007"], Refused(first, second).Codes());
    }

    [Fact]
    public void TheLetterCaseOfAnExtension_DoesNotHideAFile()
    {
        Write("a.YAML", Binding("a"));

        Assert.Single(TlsPolicyFile.Load(_folder.FullName).Bindings);
    }

    [Fact]
    public void AFileThatIsNotUtf8_OrTooLong_IsAnError()
    {
        var latin1 = Path.Combine(_folder.FullName, "latin1.yaml");
        File.WriteAllBytes(latin1, [.. "# "u8, 0xE4, .. "\n"u8]);
        Assert.Equal(["E:FTLS1027"], Refused(latin1).Codes());

        var utf16 = Path.Combine(_folder.FullName, "utf16.yaml");
        File.WriteAllText(utf16, Binding("orders"), System.Text.Encoding.Unicode);
        Assert.Equal(["E:FTLS1027"], Refused(utf16).Codes());

        var large = Path.Combine(_folder.FullName, "large.yaml");
        File.WriteAllText(large, new string('#', (4 * 1024 * 1024) + 1));
        Assert.Equal(["E:FTLS1020"], Refused(large).Codes());
    }

    [Fact]
    public void AByteOrderMark_AndCarriageReturns_AreNoFault()
    {
        var file = Path.Combine(_folder.FullName, "windows.yaml");
        File.WriteAllText(file, Binding("orders").ReplaceLineEndings("\r\n"), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal("orders", Assert.Single(TlsPolicyFile.Load(file).Bindings).TargetName);
    }

    [Fact]
    public void AFileWithoutALineBreakAtItsEnd_MayBeCutOff()
    {
        var set = TlsPolicyFile.Load(Write("orders.yaml", Binding("orders").TrimEnd()));

        Assert.Equal(["I:FTLS1033"], set.Diagnostics.Codes());
        Assert.Single(set.Bindings);
    }

    [Fact]
    public void Find_LooksUpByServiceAndNamespace()
    {
        var set = TlsPolicyFile.Parse(Binding("orders"));

        Assert.Same(set.Bindings[0], set.Find("orders"));
        Assert.Null(set.Find("orders", "prod"));
        Assert.Null(set.Find("Orders"));
    }

    [Fact]
    public void Parse_OfATextWithoutABinding_GivesAWarning()
    {
        var set = TlsPolicyFile.Parse("");

        Assert.Empty(set.Bindings);
        Assert.Equal(["W:FTLS1025"], set.Diagnostics.Codes());
    }

    [Fact]
    public void AFolderOfOtherResources_GivesAWarning()
    {
        Write("other.yaml", "apiVersion: v1\nkind: ConfigMap\n");

        Assert.Equal(["I:FTLS1017", "W:FTLS1025"], TlsPolicyFile.Load(_folder.FullName).Diagnostics.Codes().Order());
    }

    [Fact]
    public void AnEmptyFile_IsNamed()
    {
        var file = Write("empty.yaml", "");

        Assert.Contains(file, Assert.Single(Refused(file)).ToString(), StringComparison.Ordinal);
        var warning = TlsPolicyFile.Load(_folder.FullName).Diagnostics.Single(found => found.Code == "FTLS1025");
        Assert.Equal($"there is no tls-outbound binding in '{file}'.", warning.Message);
    }

    [Fact]
    public void WhatIsNoRegularFile_IsNeverOpened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs devices in /dev");

        Assert.Equal(["E:FTLS1025"], Refused("/dev/zero").Codes());
        Assert.Equal(["E:FTLS1025"], Refused("/dev/stdin").Codes());
    }

    [Fact]
    public void AVolumeWithLinksToItsFiles_IsReadOnce()
    {
        Write("..2026/orders.yaml", Binding("orders"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "..data"), "..2026");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "orders.yaml"), "..data/orders.yaml");

        Assert.Single(TlsPolicyFile.Load(_folder.FullName).Bindings);
        Assert.Single(TlsPolicyFile.Load(Path.Combine(_folder.FullName, "**/*.yaml")).Bindings);
    }

    [Fact]
    public void ANameThatIsNoPath_IsAnErrorAndNoException()
    {
        Assert.Throws<ArgumentException>(() => TlsPolicyFile.Load((string)null!));
        foreach (var name in new[] { "", "\0", "a\0/*.yaml", "/tmp/**/../*" })
        {
            Assert.All(Refused(name).Codes(), code => Assert.Contains(code, new[] { "E:FTLS1024", "E:FTLS1026" }));
        }
    }

    [Fact]
    public void NothingNamed_IsAnError()
    {
        Assert.Equal(
            "error FTLS1024: no policy file is named; name at least one file, folder or pattern.",
            Assert.Single(Refused()).ToString());
        Assert.False(TlsPolicyFile.TryLoad([], out var set));
        Assert.Empty(set.Bindings);
    }

    private static IReadOnlyList<TlsPolicyDiagnostic> Refused(params string[] names) =>
        Assert.Throws<TlsPolicyException>(() => TlsPolicyFile.Load(names)).Diagnostics;

    private static string Binding(string service, string config = "") => $$"""
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata: { name: {{service}} }
        spec:
          targetRef: { kind: Service, name: {{service}} }
          policyRef: { name: tls-outbound }
          config: { {{config}} }

        """;

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
