using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;

namespace FlexTls.Corpus;

/// <summary>
/// The environment variables and files that corpus files refer to: <c>$FLEXTLS_CORPUS_…</c>, and files in a private
/// folder that is deleted when the process ends, made at run time so that no key stands in the repository.
/// </summary>
internal static class CorpusEnvironment
{
    /// <summary>Stands in values that must never be shown.</summary>
    public const string Marker = "m4rk3r-9f27";

    public const string Passphrase = "swordfish-" + Marker;

    static CorpusEnvironment()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);
        foreach (var (name, value) in Variables)
        {
            Environment.SetEnvironmentVariable($"FLEXTLS_CORPUS_{name}", value);
        }

        Write("ca.pem", Pki.Root.Pem);
        Write("ca-cut.pem", Pki.Root.Pem[..^40]);
        Write("client.pem", Pki.Client.ChainPem(Pki.Intermediate.Certificate));
        Write("client.key", Pki.Client.KeyPem(), UnixFileMode.UserRead);
        Write("open.key", Pki.Client.KeyPem(), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Write("both.pem", $"{Pki.Client.KeyPem()}\n{Pki.Client.ExportCertificatePem()}\n", UnixFileMode.UserRead);
        File.WriteAllBytes(PathOf("ca.der"), Pki.Root.Certificate.RawData);
        Write("text.txt", $"no PEM here, but a {Marker}");
        Write("empty.pem", "");
        File.WriteAllBytes(PathOf("binary.pem"), [0xFF, 0xFE, 0x00, 0x80]);
        File.WriteAllBytes(PathOf("long.pem"), new byte[(1024 * 1024) + 1]);
        Directory.CreateDirectory(PathOf("folder.pem"));
        Directory.CreateSymbolicLink(PathOf("..data"), PathOf("..2026"));
        Directory.CreateDirectory(PathOf("..2026"));
        Write("..2026/mounted.pem", Pki.Root.Pem);
        File.CreateSymbolicLink(PathOf("mounted.pem"), "..data/mounted.pem");
        Protect("client.p12", Pkcs12(Pki.Client, X509CertificateLoader.LoadCertificate(Pki.Intermediate.Certificate.RawData)));
        Protect("no-key.p12", Pkcs12(X509CertificateLoader.LoadCertificate(Pki.Client.RawData)));
    }

    /// <summary>The folder that the corpus files' relative paths start in.</summary>
    public static string Folder { get; } = Directory.CreateTempSubdirectory("flextls-corpus-").FullName;

    public static string EncryptedKey(AsymmetricAlgorithm key) =>
        key.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000));

    private static Dictionary<string, string?> Variables => new()
    {
        ["MIN"] = "1.3",
        ["TRUE"] = "TRUE",
        ["H2"] = "h2",
        ["CIPHER"] = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        ["NAME_TYPE"] = "URI",
        ["NAME"] = $"amqps://{Marker}@orders.example/",
        ["PIN"] = Convert.ToBase64String(SHA256.HashData("a pin"u8)),
        ["DURATION"] = "5m",
        ["EMPTY"] = "",
        ["SECRET"] = $"{Marker}-secret",
        ["DOLLAR"] = "$FLEXTLS_CORPUS_MIN",
        ["FILE"] = "file:ca.pem",
        ["CA"] = Pki.Root.Pem,
        ["CRT"] = Pki.Client.ExportCertificatePem(),
        ["KEY"] = Pki.Client.KeyPem().Replace("\n", "\\n", StringComparison.Ordinal),
        ["PASSPHRASE"] = Passphrase,
    };

    private static byte[] Pkcs12(params X509Certificate2[] certificates) =>
        new X509Certificate2Collection(certificates).Export(X509ContentType.Pkcs12, Passphrase)!;

    private static string PathOf(string name) => Path.Combine(Folder, name);

    private static void Write(string name, string text, UnixFileMode? mode = null)
    {
        File.WriteAllText(PathOf(name), text);
        if (mode is not null && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PathOf(name), mode.Value);
        }
    }

    private static void Protect(string name, byte[] data)
    {
        File.WriteAllBytes(PathOf(name), data);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PathOf(name), UnixFileMode.UserRead);
        }
    }
}
