using System.Security.Cryptography.X509Certificates;

namespace FlexTls.TestKit;

/// <summary>Certificates and keys as the PEM text that goes into a policy.</summary>
public static class CertificatePem
{
    public static string KeyPem(this X509Certificate2 certificate) => certificate.GetRSAPrivateKey() is { } rsa
        ? rsa.ExportPkcs8PrivateKeyPem()
        : certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    /// <summary>The certificate and those after it, as <c>crt</c> wants them.</summary>
    public static string ChainPem(this X509Certificate2 certificate, params X509Certificate2[] intermediates) =>
        string.Join('\n', intermediates.Prepend(certificate).Select(c => c.ExportCertificatePem()));

    /// <summary>A text as the content of a YAML literal block.</summary>
    public static string Indented(this string text, int spaces) =>
        string.Join('\n', text.Split('\n').Select(line => new string(' ', spaces) + line));
}
