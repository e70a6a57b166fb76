using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace FlexTls.Adapters.Guides;

/// <summary>The content root of a program, with the certificates that the pages under docs/how-to name.</summary>
internal sealed class GuideFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    public GuideFolder()
    {
        using var identity = Pki.Root.IssueClient("CN=shop");
        Write("certs/company-ca.crt", Pki.Root.Pem);
        WriteIdentity("certs/shop", identity);
    }

    public string Path => _folder.FullName;

    public WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = Path });
        builder.Logging.ClearProviders();
        return builder;
    }

    public void WriteIdentity(string name, X509Certificate2 identity)
    {
        Write(name + ".crt", identity.ExportCertificatePem());
        Write(name + ".key", identity.KeyPem());
    }

    /// <summary>Writes the policy of a Service with a CA and a client certificate.</summary>
    /// <param name="file">The file, in a folder beside <c>certs</c>.</param>
    /// <param name="service">The Service.</param>
    /// <param name="identity">The client certificate, in <c>certs</c>.</param>
    public void WritePolicy(string file, string service, string identity = "shop") => Write(file, Provided.Binding(service,
        $"{{ trustedCA: 'file:../certs/company-ca.crt', certificate: {{ crt: 'file:../certs/{identity}.crt', key: 'file:../certs/{identity}.key' }} }}"));

    public void Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
