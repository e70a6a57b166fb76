namespace FlexTls.Interop;

/// <summary>lighttpd, whose TLS is a module over one of five libraries.</summary>
internal abstract class LighttpdServer(string module, string library) : InteropServer
{
    public override string Name => $"lighttpd {module}";

    public override string Library => library;

    public override IReadOnlyList<string> Needs => ["lighttpd", $"/usr/lib/lighttpd/{module}.so"];

    public override IReadOnlyList<ServerCommand> Versions =>
        [new("lighttpd", "-v"), new("dpkg-query", "-W", "-f", "${Version}", LibraryPackage)];

    // It has no variable for the others.
    public override Tells Tells => Tells.Version | Tells.Suite | Tells.Client;

    public override bool FollowsClientOrder => true;

    /// <summary>Debian's package of the library, which has no program to ask.</summary>
    protected abstract string LibraryPackage { get; }

    /// <summary>The setting of all suites that the module has for TLS 1.2 and below.</summary>
    protected virtual string AllSuites => Setting("HIGH");

    /// <summary>The settings of one suite of TLS 1.3 each: AES-128-GCM, AES-256-GCM, ChaCha20-Poly1305.</summary>
    protected abstract (string Aes128Gcm, string Aes256Gcm, string ChaCha20) Tls13 { get; }

    /// <summary>Whether it must know the issuers of its own certificates.</summary>
    protected virtual bool NeedsIssuers => false;

    /// <summary>Whether client certificates can be configured.</summary>
    protected virtual bool TakesClientCertificates => true;

    public override ServerCommand Command(ServerFolder folder) => Command(folder, TakesClientCertificates);

    protected static string Setting(string suites, string name = "CipherString") => $"\"{name}\" => \"{suites}\"";

    protected ServerCommand Command(ServerFolder folder, bool withClientCertificates)
    {
        Directory.CreateDirectory(folder.PathOf("www"));
        folder.Write("www/index.shtml", """
            version=<!--#echo var="SSL_PROTOCOL" -->
            suite=<!--#echo var="SSL_CIPHER" -->
            client=<!--#echo var="SSL_CLIENT_S_DN" -->

            """);
        return new("lighttpd", "-D", "-f", folder.Configure("lighttpd.conf",
            ("module", Name.Split(' ')[1]), ("suites", AllSuites), ("aes128", Tls13.Aes128Gcm), ("aes256", Tls13.Aes256Gcm), ("chacha20", Tls13.ChaCha20),
            ("issuers", NeedsIssuers ? "" : "# "), ("verify", withClientCertificates ? "" : "# ")));
    }
}
