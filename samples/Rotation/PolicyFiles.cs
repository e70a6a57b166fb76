using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;

namespace Rotation;

/// <summary>
/// The files of the upstream, in a folder that only its owner may enter (mode 0700) and that is gone in the end. They are
/// written in place and one after the other, which is the worst way to do it.
/// </summary>
internal sealed class PolicyFiles : IDisposable
{
    private const string Policy = "orders.yaml";
    private const string Certificate = "orders.crt";
    private const string Key = "orders.key";

    // HTTP/1.1, so that there are many connections to drain.
    private const string PolicyText =
        """
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata:
          name: orders-mtls
        spec:
          targetRef:
            kind: Service
            name: orders
          policyRef:
            name: tls-outbound
          config:
            alpn: [http/1.1]
            trustedCA: file:ca.crt
            certificate:
              crt: file:orders.crt
              key: file:orders.key

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-rotation-");

    public PolicyFiles(TestCA ca, X509Certificate2 client)
    {
        Write("ca.crt", ca.Pem + '\n');
        WriteAll(client);
    }

    public string Folder => _folder.FullName;

    /// <summary>Everything as it should be.</summary>
    public void WriteAll(X509Certificate2 client)
    {
        WritePolicy();
        WriteKey(client);
        WriteCertificate(client);
    }

    public void WriteKey(X509Certificate2 client) => Write(Key, client.KeyPem() + '\n');

    public void WriteCertificate(X509Certificate2 client) => Write(Certificate, Pem(client));

    /// <summary>A certificate as far as the disk had room for it.</summary>
    public void WriteHalf(X509Certificate2 client) => Write(Certificate, Halves(client).First);

    public void AppendHalf(X509Certificate2 client) => File.AppendAllText(PathOf(Certificate), Halves(client).Second);

    public void WritePolicy() => Write(Policy, PolicyText);

    public void BreakPolicy() => Write(Policy, PolicyText.Replace("alpn: [", "alpn: [[", StringComparison.Ordinal));

    public void DeletePolicy() => File.Delete(PathOf(Policy));

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Pem(X509Certificate2 client) => client.ExportCertificatePem() + '\n';

    private static (string First, string Second) Halves(X509Certificate2 client)
    {
        var pem = Pem(client);
        return (pem[..(pem.Length / 2)], pem[(pem.Length / 2)..]);
    }

    private void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    private string PathOf(string name) => Path.Combine(Folder, name);
}
