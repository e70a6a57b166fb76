using System.Net.Sockets;
using FlexTls.Support;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace FlexTls.Recipes;

/// <summary>docs/recipes/rabbitmq.md, with RabbitMQ, which logs the common name of a client's certificate.</summary>
public sealed class RabbitMQRecipeTests(RabbitServer server) : IClassFixture<RabbitServer>
{
    // TLS 1.2 with a suite that is not the first choice of either side.
    private const string OneSuite =
        "maxversion: \"1.2\"\n    ciphers: [TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256]";

    private readonly ConnectionFactory _factory = new()
    {
        AuthMechanisms = [new ExternalMechanismFactory()],
        NetworkRecoveryInterval = TimeSpan.FromMilliseconds(10),
    };

    [Fact]
    public async Task Connections_ShowTheClientCertificate_AndAfterARotationTheNewOne()
    {
        server.Require();
        await using var upstreams = new Upstreams("broker", "alpn: []");
        var sockets = new List<Socket>();
        _factory.SocketFactory = family =>
        {
            sockets.Add(new Socket(family, SocketType.Stream, ProtocolType.Tcp));
            return new TcpClientAdapter(sockets[^1]);
        };
        await using var connection = await ConnectAsync(upstreams.Contexts, "broker");
        var socket = sockets.Single(one => one.Connected);
        await LoggedAsync(0, "first");

        await upstreams.RotateAsync("CN=second");

        var mark = server.Log.Mark();
        await using (await ConnectAsync(upstreams.Contexts, "broker"))
        {
            await LoggedAsync(mark, "second");
        }

        // The library recovers a connection that breaks by itself.
        mark = server.Log.Mark();
        socket.Shutdown(SocketShutdown.Both);
        await LoggedAsync(mark, "second");
    }

    [Fact]
    public async Task AServerOfAnotherCA_IsRefused()
    {
        server.Require();
        await using var upstreams = new Upstreams("broker", "alpn: []");

        Refusals.AssertUntrusted(await Assert.ThrowsAsync<BrokerUnreachableException>(
            () => ConnectAsync(upstreams.Contexts, Upstreams.Mistrustful)));
    }

    [Fact]
    public async Task ASuiteOutsideThePolicy_IsRefusedAfterTheHandshake()
    {
        server.Require();
        await using var upstreams = new Upstreams("broker", OneSuite);

        var exception = await Assert.ThrowsAsync<BrokerUnreachableException>(
            () => ConnectAsync(upstreams.Contexts, "broker"));

        Refusals.AssertCode("FTLS6004", exception);
    }

    private async Task<IConnection> ConnectAsync(IOutboundTlsContextProvider contexts, string name)
    {
        var (factory, host, port) = (_factory, RecipeServer.Host, server.Port);

        // <snippet>
        var endpoints = new PolicyEndpoints(contexts.GetContext(name), host, port);
        var connection = await factory.CreateConnectionAsync(endpoints, clientProvidedName: null);
        // </snippet>
        return connection;
    }

    private Task<string> LoggedAsync(int mark, string user) => server.Log.WaitAsync(
        mark, log => log.Contains($"user '{user}' authenticated", StringComparison.Ordinal), Deadline.Token());

    // <snippet>
    private sealed class PolicyEndpoints(OutboundTlsContext context, string host, int port) : IEndpointResolver
    {
        public IEnumerable<AmqpTcpEndpoint> All()
        {
            var policy = context.CreateClientOptions(host);
            yield return new AmqpTcpEndpoint(host, port, new SslOption(policy.TargetHost!, enabled: true)
            {
                Version = policy.EnabledSslProtocols,
                ClientCertificateContext = policy.ClientCertificateContext,
                CertificateValidationCallback = policy.RemoteCertificateValidationCallback,
            });
        }
    }
    // </snippet>
}
