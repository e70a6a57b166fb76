using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Support;

/// <summary>The fenced snippets of README.md.</summary>
internal static partial class ReadmePage
{
    /// <summary>The snippets of one language, in the order of the page.</summary>
    public static IReadOnlyList<string> Snippets(string language) =>
        [.. Fence().Matches(RepositoryFiles.Read("README.md")).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value)];

    /// <summary>Checks that a snippet is what stands between the marks of a file that is compiled.</summary>
    /// <param name="snippet">Which C# snippet it is.</param>
    /// <param name="file">The file.</param>
    /// <param name="most">How many lines it may have.</param>
    public static void AssertIsCompiled(int snippet, string file, int most)
    {
        var lines = RepositoryFiles.Read(file).Split('\n');
        var (begin, end) = (Array.FindLastIndex(lines, l => l.Trim() == "// <readme>"), Array.FindLastIndex(lines, l => l.Trim() == "// </readme>"));
        var usings = lines.SkipWhile(l => l != "// <readme>").Skip(1).TakeWhile(l => l != "// </readme>").ToList();
        var indent = lines[begin].IndexOf('/', StringComparison.Ordinal);
        var program = lines[(begin + 1)..end].Select(line => line.Length > indent ? line[indent..] : line);

        Assert.Equal(string.Join('\n', usings.Count == 0 ? program : [.. usings, "", .. program]), Snippets("csharp")[snippet]);
        Assert.True(end - begin - 1 <= most, $"README keeps this within {most} lines.");
    }

    /// <summary>The policy of the page with real certificates where it shows dots.</summary>
    public static string Policy(TestCA trusted, X509Certificate2 client)
    {
        var pems = new Queue<string>([trusted.Pem, client.KeyPem(), client.ExportCertificatePem()]);
        return Pem().Replace(Snippets("yaml").Single(), m => pems.Dequeue().Indented(m.Groups[1].Length));
    }

    [GeneratedRegex(@"^```(\w+)\n(.*?)\n?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^( +)-----BEGIN [A-Z ]+-----\n +\.\.\.\n +-----END [A-Z ]+-----$", RegexOptions.Multiline)]
    private static partial Regex Pem();
}
