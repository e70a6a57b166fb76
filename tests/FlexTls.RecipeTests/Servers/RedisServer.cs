using FlexTls.Interop;
using FlexTls.TestKit;

namespace FlexTls.Recipes;

/// <summary>Redis, which takes clients by their CA alone: which one it asks for can be changed while it runs.</summary>
public sealed class RedisServer : RecipeServer
{
    private protected override string Program => "redis-server";

    private protected override string ReadyWords => "Ready to accept connections";

    /// <summary>The CA that clients have to have after <see cref="RenewedFile"/> is in force.</summary>
    internal TestCA Renewed { get; } = TestCA.Root("CN=Renewed Client CA");

    internal string RenewedFile => PathOf("renewed.pem");

    /// <summary>The CA that it asks for at first.</summary>
    internal string ClientsFile => PathOf("root.pem");

    internal override ServerCommand Command()
    {
        Write("renewed.pem", Renewed.Pem);
        return new ServerCommand(
            Program, "--port", "0", "--tls-port", Text(Port), "--bind", "127.0.0.1", "--save", "", "--dir", Folder,
            "--tls-cert-file", PathOf("server.pem"), "--tls-key-file", PathOf("server.key"),
            "--tls-ca-cert-file", ClientsFile, "--tls-auth-clients", "yes");
    }
}
