using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using FlexTls.Support;
using FlexTls.TestKit;

namespace FlexTls.Documentation;

/// <summary>The fenced snippets of README.md.</summary>
internal static partial class ReadmePage
{
    /// <summary>The snippets of one language, in the order of the page.</summary>
    public static IReadOnlyList<string> Snippets(string language) =>
        [.. Fence().Matches(RepositoryFiles.Read("README.md")).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value)];

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
