namespace FlexTls.Interop;

internal sealed class GnutlsServer : NamespacedServer
{
    public override string Name => "gnutls-serv";

    public override string Library => "GnuTLS";

    public override IReadOnlyList<ServerCommand> Versions => [new("gnutls-serv", "--version")];

    public override IReadOnlyList<string> Alpn => ["http/1.1"];

    public override bool SaysCipherOnly => true;

    public override IReadOnlyList<string> WordsWithoutCertificate => ["No certificate was found", "Certificate is required"];

    protected override string Program => "gnutls-serv";

    protected override string ListenLine => "HTTP Server listening on IPv4";

    // It writes all that it knows of a connection; the bindings come last.
    public override ServerView? View(string answer, string log)
    {
        var last = log[Math.Max(0, log.LastIndexOf("* Accepted connection", StringComparison.Ordinal))..];
        return last.Contains("- Channel bindings", StringComparison.Ordinal)
            ? new ServerView(Value("- Version: "), Value("- Cipher: "), Value("- Application protocol: "), Value("- Given server name[1]: "), Value("Subject: "))
            : null;

        string Value(string name) => last.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..] ?? "";
    }
}
