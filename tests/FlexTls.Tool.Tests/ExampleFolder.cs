using FlexTls.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(FlexTls.Tool.ExampleFolder))]

namespace FlexTls.Tool;

/// <summary>
/// The current directory of all tests: the policies of docs/tool.md, with certificates that are made in memory.
/// </summary>
public sealed class ExampleFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-test-");

    public ExampleFolder()
    {
        Directory.SetCurrentDirectory(_folder.FullName);
        Write("policies/orders-ca.pem", CA.Pem);
        Write("next/orders-ca.pem", CA.Pem);
        foreach (var (name, text) in ToolPage.Files)
        {
            Write(name, text);
        }
    }

    /// <summary>The CA that the policies of the examples trust.</summary>
    internal static TestCA CA { get; } = TestCA.Root("CN=Orders CA", notAfter: DateTimeOffset.UtcNow.AddYears(5));

    public void Dispose()
    {
        Directory.SetCurrentDirectory(Path.GetTempPath());
        _folder.Delete(recursive: true);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
