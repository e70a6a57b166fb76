using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;

namespace FlexTls.Http;

/// <summary>A certificate and its key in files, for programs that want them so, until it is disposed.</summary>
internal sealed class TempCertificate : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    public TempCertificate(X509Certificate2 certificate)
    {
        File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, certificate.KeyPem());
    }

    public string CertificatePath => Path.Combine(_folder.FullName, "cert.pem");

    public string KeyPath => Path.Combine(_folder.FullName, "key.pem");

    public void Dispose() => _folder.Delete(recursive: true);
}
