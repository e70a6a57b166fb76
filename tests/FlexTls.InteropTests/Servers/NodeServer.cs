namespace FlexTls.Interop;

internal sealed class NodeServer : InteropServer
{
    public override string Name => "Node https";

    public override string Library => "OpenSSL";

    public override IReadOnlyList<string> Needs => ["node"];

    public override IReadOnlyList<ServerCommand> Versions => [new("node", "-p", "`${process.version}, OpenSSL ${process.versions.openssl}`")];

    public override IReadOnlyList<string> WordsWithoutCertificate => ["peer did not return a certificate"];

    public override ServerCommand Command(ServerFolder folder) => new("node", [Programs.PathOf("server.js"), .. Programs.Arguments(folder)]);
}
