namespace FlexTls.Interop;

internal sealed class JdkServer : InteropServer
{
    public override string Name => "JDK HttpsServer";

    public override string Library => "JSSE";

    // With the compiler: the source is run as it is.
    public override IReadOnlyList<string> Needs => ["java", "javac"];

    public override IReadOnlyList<ServerCommand> Versions => [new("java", "-version")];

    public override IReadOnlyList<string> Alpn => ["http/1.1"];

    // An exchange has a session; the protocol that was chosen is not in it.
    public override Tells Tells => Tells.All & ~Tells.Alpn;

    public override IReadOnlyList<string> WordsWithoutCertificate => ["Empty client certificate chain"];

    public override ServerCommand Command(ServerFolder folder) =>
        new("java", ["-XX:TieredStopAtLevel=1", Programs.PathOf("Server.java"), .. Programs.Arguments(folder)]);
}
