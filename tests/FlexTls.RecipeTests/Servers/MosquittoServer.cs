using FlexTls.Interop;

namespace FlexTls.Recipes;

/// <summary>Mosquitto, which takes the common name of a client's certificate for its user, and logs it.</summary>
public sealed class MosquittoServer : RecipeServer
{
    private protected override string Program => "mosquitto";

    internal override ServerCommand Command() => new(Program, "-c", Write("mosquitto.conf", $"""
        listener {Port} 127.0.0.1
        user {Environment.UserName}
        allow_anonymous true
        cafile {PathOf("root.pem")}
        certfile {PathOf("server.pem")}
        keyfile {PathOf("server.key")}
        require_certificate true
        use_identity_as_username true
        log_dest stderr
        log_type all
        """));
}
