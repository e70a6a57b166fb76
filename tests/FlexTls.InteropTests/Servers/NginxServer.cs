namespace FlexTls.Interop;

internal sealed class NginxServer : InteropServer
{
    public override string Name => "nginx";

    public override string Library => "OpenSSL";

    public override IReadOnlyList<string> Needs => ["nginx"];

    public override IReadOnlyList<ServerCommand> Versions => [new("nginx", "-V")];

    public override bool SaysWhetherResumed => true;

    public override IReadOnlyList<string> WordsWithoutCertificate => ["No required SSL certificate was sent"];

    public override ServerCommand Command(ServerFolder folder) =>
        new("nginx", "-p", folder.Path, "-e", "stderr", "-c", folder.Configure("nginx.conf"));
}
