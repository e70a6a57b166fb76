namespace FlexTls.Interop;

internal sealed class CaddyServer : InteropServer
{
    public override string Name => "caddy";

    public override string Library => "Go crypto/tls";

    public override IReadOnlyList<string> Needs => ["caddy", "go"];

    public override IReadOnlyList<ServerCommand> Versions => [new("caddy", "version"), new("caddy", "build-info")];

    public override IReadOnlyList<string> WordsWithoutCertificate => ["tls: client didn't provide a certificate"];

    protected override IEnumerable<Gap> KnownGaps =>
    [
        new(["TLS 1.1"], "tls: client offered only unsupported versions: [302 301]"),
        new(["TLS 1.3, TLS_AES_256", "TLS 1.3, TLS_CHACHA20"], "TLS 1.3 ciphersuites are not configurable") { Probe = _ => new("go", "doc", "crypto/tls.Config.CipherSuites"), Source = "the documentation of its library" },
    ];

    public override ServerCommand Command(ServerFolder folder) => new("caddy", "run", "--adapter", "caddyfile", "--config", folder.Configure("Caddyfile"))
    {
        Environment = new Dictionary<string, string> { ["HOME"] = folder.Path, ["XDG_DATA_HOME"] = folder.Path, ["XDG_CONFIG_HOME"] = folder.Path },
    };
}
