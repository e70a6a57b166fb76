using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using FlexTls.TestKit;

namespace FlexTls.Support;

/// <summary>The fenced snippets of README.md.</summary>
internal static partial class ReadmePage
{
    /// <summary>The snippets of one language, in the order of the page.</summary>
    public static IReadOnlyList<string> Snippets(string language) => DocumentationPage.Fences("README.md", language);

    /// <summary>The policy of the page with real certificates where it shows dots.</summary>
    public static string Policy(TestCA trusted, X509Certificate2 client)
    {
        var pems = new Queue<string>([trusted.Pem, client.KeyPem(), client.ExportCertificatePem()]);
        return Pem().Replace(Snippets("yaml").Single(), m => pems.Dequeue().Indented(m.Groups[1].Length));
    }

    [GeneratedRegex(@"^( +)-----BEGIN [A-Z ]+-----\n +\.\.\.\n +-----END [A-Z ]+-----$", RegexOptions.Multiline)]
    private static partial Regex Pem();
}
