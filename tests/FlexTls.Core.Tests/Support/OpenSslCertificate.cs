using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace FlexTls.Support;

/// <summary>
/// A certificate and its key in PEM, made by openssl: of kinds for which .NET has no keys. What is made the same way is
/// made once, since RSA keys are slow to find.
/// </summary>
internal sealed record OpenSslCertificate(string Crt, string Key)
{
    private const string Configuration = """
        [req]
        distinguished_name = name
        [name]
        [root]
        basicConstraints = critical, CA:TRUE
        keyUsage = critical, keyCertSign
        subjectKeyIdentifier = hash
        [authority]
        basicConstraints = critical, CA:TRUE
        keyUsage = critical, keyCertSign
        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid
        [server]
        subjectAltName = DNS:orders.example, DNS:localhost
        extendedKeyUsage = serverAuth
        authorityKeyIdentifier = keyid
        [client]
        extendedKeyUsage = clientAuth
        """;

    private static readonly ConcurrentDictionary<
        (string Kind, string Subject, string Section, OpenSslCertificate? By), Lazy<OpenSslCertificate>> Known = [];

    public X509Certificate2 Certificate => X509Certificate2.CreateFromPem(Crt);

    /// <param name="kind">The key, as <c>openssl req -newkey</c> takes it, with its options.</param>
    /// <param name="subject">The subject, such as <c>/CN=Root</c>.</param>
    public static OpenSslCertificate Root(string kind, string subject = "/CN=Root") => Make(kind, subject, "root", by: null);

    public OpenSslCertificate Intermediate(string kind, string subject = "/CN=Intermediate") => Make(kind, subject, "authority", this);

    public OpenSslCertificate Server(string kind) => Make(kind, "/CN=server", "server", this);

    public OpenSslCertificate Client(string kind) => Make(kind, "/CN=client", "client", this);

    private static OpenSslCertificate Make(string kind, string subject, string section, OpenSslCertificate? by) =>
        Known.GetOrAdd(
            (kind, subject, section, by),
            static made => new(() => Create(made.Kind, made.Subject, made.Section, made.By))).Value;

    private static OpenSslCertificate Create(string kind, string subject, string section, OpenSslCertificate? by)
    {
        ExternalTool.RequireOpenSsl();
        var folder = Directory.CreateTempSubdirectory("flextls-");
        try
        {
            string PathOf(string name) => Path.Combine(folder.FullName, name);
            File.WriteAllText(PathOf("openssl.cnf"), Configuration);
            string[] issuer = [];
            if (by is not null)
            {
                File.WriteAllText(PathOf("ca.pem"), by.Crt);
                File.WriteAllText(PathOf("ca.key"), by.Key);
                issuer = ["-CA", PathOf("ca.pem"), "-CAkey", PathOf("ca.key")];
            }

            Run(["req", "-x509", "-config", PathOf("openssl.cnf"), "-newkey", .. kind.Split(' '), "-nodes", "-days", "30", "-subj", subject,
                "-extensions", section, "-keyout", PathOf("key"), "-out", PathOf("crt"), .. issuer]);
            return new OpenSslCertificate(File.ReadAllText(PathOf("crt")), File.ReadAllText(PathOf("key")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Run(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }
}
