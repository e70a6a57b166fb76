using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using FlexTls.Support;
using FlexTls.TestKit;

namespace FlexTls.Interop;

/// <summary>
/// The private folder of one server, which goes when it ends: certificates, keys, and its configuration made of a
/// template in the repository.
/// </summary>
internal sealed partial class ServerFolder : IDisposable
{
    public const string Password = "interop";

    // Mode 700: keys lie in it.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-interop-");

    public ServerFolder(InteropPki pki, IReadOnlyDictionary<ServerPort, int> ports)
    {
        Ports = ports;
        Write("root.pem", pki.RootPem);
        foreach (var port in ports.Keys)
        {
            var (leaf, issuer) = pki.For(port);
            Write($"{port}.issuers.pem", $"{issuer.ExportCertificatePem()}\n{pki.RootPem}\n");
            Write($"{port}.pem", leaf.ChainPem(issuer) + "\n");
            Write($"{port}.pem.key", leaf.KeyPem() + "\n");
            File.WriteAllBytes(PathOf($"{port}.p12"), new X509Certificate2Collection { leaf, X509CertificateLoader.LoadCertificate(issuer.RawData) }.Export(X509ContentType.Pkcs12, Password)!);
        }
    }

    public IReadOnlyDictionary<ServerPort, int> Ports { get; }

    public string Path => _folder.FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>
    /// Writes a configuration. In a template, <c>{{folder}}</c> is this folder, <c>{{Ec}}</c> the number of that port, and what
    /// stands between <c>{{for Ec Rsa}}</c> and <c>{{end}}</c> is written for each, with <c>{{name}}</c> and <c>{{port}}</c>.
    /// </summary>
    public string Configure(string template, params IEnumerable<(string Name, string Value)> values)
    {
        var text = RepositoryFiles.Read($"tests/FlexTls.InteropTests/Servers/Configuration/{template}");
        text = Loop().Replace(text, loop => string.Concat(loop.Groups[1].Value.Split(' ').Select(name =>
            loop.Groups[2].Value.Replace("{{name}}", name, StringComparison.Ordinal).Replace("{{port}}", $"{{{{{name}}}}}", StringComparison.Ordinal))));
        foreach (var (name, value) in Ports.Select(port => (port.Key.ToString(), port.Value.ToString(System.Globalization.CultureInfo.InvariantCulture))).Concat(values).Append(("folder", Path)))
        {
            text = text.Replace($"{{{{{name}}}}}", value, StringComparison.Ordinal);
        }

        return Write(template, text);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [GeneratedRegex(@"\{\{for ([A-Za-z0-9 ]+)\}\}\n?(.*?)\{\{end\}\}\n?", RegexOptions.Singleline)]
    private static partial Regex Loop();
}
