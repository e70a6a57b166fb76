namespace FlexTls.Interop;

internal sealed class GoServer : InteropServer
{
    public override string Name => "Go net/http";

    public override string Library => "Go crypto/tls";

    public override IReadOnlyList<string> Needs => ["go"];

    public override IReadOnlyList<ServerCommand> Versions => [new("go", "version")];

    public override IReadOnlyList<string> WordsWithoutCertificate => ["tls: client didn't provide a certificate"];

    protected override IEnumerable<Gap> KnownGaps =>
        [new(["TLS 1.3, TLS_AES_256", "TLS 1.3, TLS_CHACHA20"], "TLS 1.3 ciphersuites are not configurable") { Probe = _ => new("go", "doc", "crypto/tls.Config.CipherSuites"), Source = "its documentation" }];

    // Go 1.19 comes with its library built for the defaults; only what these lines name is compiled.
    public override ServerCommand Prepare(ServerFolder folder) => new("go", "build", "-o", folder.PathOf("server"), Programs.PathOf("server.go"))
    {
        Environment = new Dictionary<string, string> { ["GOCACHE"] = folder.PathOf("cache"), ["GOPATH"] = folder.PathOf("path"), ["GO111MODULE"] = "off" },
    };

    public override ServerCommand Command(ServerFolder folder) => new(folder.PathOf("server"), Programs.Arguments(folder));
}
