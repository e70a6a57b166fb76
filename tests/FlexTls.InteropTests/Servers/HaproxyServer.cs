namespace FlexTls.Interop;

internal sealed class HaproxyServer : InteropServer
{
    public override string Name => "haproxy";

    public override string Library => "OpenSSL";

    public override IReadOnlyList<string> Needs => ["haproxy"];

    public override IReadOnlyList<ServerCommand> Versions => [new("haproxy", "-vv")];

    public override IReadOnlyList<string> WordsWithoutCertificate => ["SSL handshake failure"];

    public override ServerCommand Command(ServerFolder folder) => new("haproxy", "-db", "-f", folder.Configure("haproxy.cfg"));
}
