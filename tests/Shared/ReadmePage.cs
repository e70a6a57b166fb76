using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Support;

/// <summary>The fenced snippets of README.md, and programs of other pages.</summary>
internal static partial class ReadmePage
{
    /// <summary>The snippets of one language, in the order of the page.</summary>
    public static IReadOnlyList<string> Snippets(string language) =>
        DocumentationPage.Fences("README.md", language);

    /// <summary>Checks that a snippet is what stands between the marks of a file that is compiled.</summary>
    /// <param name="page">The page; the snippet is its first one in C#.</param>
    /// <param name="file">The file.</param>
    /// <param name="most">How many lines it may have.</param>
    public static void AssertIsCompiled(string page, string file, int most)
    {
        var lines = RepositoryFiles.Read(file).Split('\n');
        var (begin, end) = (Array.FindLastIndex(lines, l => l.Trim() == "// <readme>"), Array.FindLastIndex(lines, l => l.Trim() == "// </readme>"));
        var usings = lines.SkipWhile(l => l != "// <readme>").Skip(1).TakeWhile(l => l != "// </readme>").ToList();
        var indent = lines[begin].IndexOf('/', StringComparison.Ordinal);
        var program = lines[(begin + 1)..end].Select(line => line.Length > indent ? line[indent..] : line);

        Assert.Equal(string.Join('\n', usings.Count == 0 ? program : [.. usings, "", .. program]), DocumentationPage.Fences(page, "csharp")[0]);
        Assert.True(end - begin - 1 <= most, $"{page} keeps this within {most} lines.");
    }

    /// <summary>The policy of the page with real certificates where it shows dots.</summary>
    public static string Policy(TestCA trusted, X509Certificate2 client)
    {
        var pems = new Queue<string>([trusted.Pem, client.KeyPem(), client.ExportCertificatePem()]);
        return Pem().Replace(Snippets("yaml").Single(), m => pems.Dequeue().Indented(m.Groups[1].Length));
    }

    [GeneratedRegex(@"^( +)-----BEGIN [A-Z ]+-----\n +\.\.\.\n +-----END [A-Z ]+-----$", RegexOptions.Multiline)]
    private static partial Regex Pem();
}
