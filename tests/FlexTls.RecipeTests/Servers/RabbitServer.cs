using System.Diagnostics;
using FlexTls.Interop;

namespace FlexTls.Recipes;

/// <summary>RabbitMQ, whose users are the common names of their certificates, and which logs them.</summary>
public sealed class RabbitServer : RecipeServer
{
    private readonly int _mapperPort = FreePorts.Take();
    private readonly int _nodePort = FreePorts.Take();
    private Process? _mapper;

    // Not Debian's program of this name in the path, which changes the user.
    private protected override string Program => "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private protected override string ReadyWords => "Server startup complete";

    // Erlang would start a port mapper of its own, which outlives the broker.
    private protected override async Task PrepareAsync(CancellationToken ct)
    {
        var log = new ServerLog();
        _mapper = ServerProcess.Start(
            new ServerCommand("epmd", "-d", "-port", Text(_mapperPort), "-address", "127.0.0.1"), log);
        await log.WaitAsync(0, text => text.Contains("epmd running", StringComparison.Ordinal), ct);
    }

    internal override ServerCommand Command()
    {
        Write("rabbitmq.conf", $"""
            listeners.tcp = none
            listeners.ssl.1 = 127.0.0.1:{Port}
            ssl_options.cacertfile = {PathOf("root.pem")}
            ssl_options.certfile = {PathOf("server.pem")}
            ssl_options.keyfile = {PathOf("server.key")}
            ssl_options.verify = verify_peer
            ssl_options.depth = 2
            ssl_options.fail_if_no_peer_cert = true
            ssl_cert_login_from = common_name
            auth_mechanisms.1 = EXTERNAL
            log.console = true
            log.file = false
            load_definitions = {PathOf("definitions.json")}
            """);
        Write("enabled_plugins", "[rabbitmq_auth_mechanism_ssl].\n");
        Write("definitions.json", """
            {
              "vhosts": [ { "name": "/" } ],
              "users": [
                { "name": "first", "password_hash": "", "tags": "" },
                { "name": "second", "password_hash": "", "tags": "" }
              ],
              "permissions": [
                { "user": "first", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*" },
                { "user": "second", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*" }
              ]
            }
            """);
        return new ServerCommand(Program)
        {
            Folder = Folder,
            Environment = new Dictionary<string, string>
            {
                // With this the script becomes the broker, instead of a parent that must be asked to end.
                ["RABBITMQ_ALLOW_INPUT"] = "1",
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-noinput -kernel inet_dist_use_interface {127,0,0,1}",
                ["ERL_EPMD_PORT"] = Text(_mapperPort),
                ["HOME"] = Folder,
                ["RABBITMQ_NODENAME"] = "recipe@localhost",
                ["RABBITMQ_DIST_PORT"] = Text(_nodePort),
                ["RABBITMQ_CONF_ENV_FILE"] = PathOf("none"),
                ["RABBITMQ_CONFIG_FILE"] = PathOf("rabbitmq.conf"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = PathOf("enabled_plugins"),
                ["RABBITMQ_MNESIA_BASE"] = PathOf("mnesia"),
                ["RABBITMQ_LOG_BASE"] = PathOf("log"),
                ["RABBITMQ_PID_FILE"] = PathOf("pid"),
            },
        };
    }

    private protected override Task CleanUpAsync() =>
        _mapper is null ? Task.CompletedTask : ServerProcess.StopAsync(_mapper);
}
