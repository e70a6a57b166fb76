using System.Net;
using FlexTls.Support;
using Microsoft.Extensions.Primitives;
using MQTTnet;
using MQTTnet.Channel;
using MQTTnet.Exceptions;
using Xunit;

namespace FlexTls.Recipes;

/// <summary>docs/recipes/mqttnet.md, with Mosquitto, which logs the common name of a client's certificate.</summary>
public sealed class MqttNetRecipeTests(MosquittoServer server) : IClassFixture<MosquittoServer>
{
    [Fact]
    public async Task Connections_ShowTheClientCertificate_AndAfterARotationTheNewOne()
    {
        server.Require();
        await using var upstreams = new Upstreams("broker", "alpn: []");
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = Options(upstreams.Contexts, "broker", client);

        await client.ConnectAsync(options, Deadline.Token());
        await server.Log.WaitAsync(0, log => log.Contains("u'first')", StringComparison.Ordinal), Deadline.Token());
        await client.PublishStringAsync("topic", "message", cancellationToken: Deadline.Token());

        var isDisconnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += _ =>
        {
            isDisconnected.TrySetResult();
            return Task.CompletedTask;
        };
        await upstreams.RotateAsync("CN=second");

        await isDisconnected.Task.WaitAsync(Deadline.Token());
        await client.ConnectAsync(options, Deadline.Token());
        await server.Log.WaitAsync(0, log => log.Contains("u'second')", StringComparison.Ordinal), Deadline.Token());
    }

    [Fact]
    public async Task AServerOfAnotherCA_IsRefused()
    {
        server.Require();
        await using var upstreams = new Upstreams("broker", "alpn: []");
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = Options(upstreams.Contexts, Upstreams.Mistrustful, client);

        Refusals.AssertUntrusted(await Assert.ThrowsAnyAsync<MqttCommunicationException>(
            () => client.ConnectAsync(options, Deadline.Token())));
    }

    private MqttClientOptions Options(IOutboundTlsContextProvider contexts, string name, IMqttClient client)
    {
        var (host, port) = (RecipeServer.Host, server.Port);

        // <snippet>
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer(host, port)
            .WithStreamProvider(new PolicyStreams(contexts.GetContext(name)))
            .Build();
        ChangeToken.OnChange(() => contexts.GetReloadToken(name), () => client.TryDisconnectAsync());
        // </snippet>
        return options;
    }

    // <snippet>
    private sealed class PolicyStreams(OutboundTlsContext context) : IMqttClientStreamProvider
    {
        public async Task<Stream> ConnectAsync(EndPoint remoteEndPoint, CancellationToken cancellationToken) =>
            await context.ConnectAsync((DnsEndPoint)remoteEndPoint, cancellationToken);
    }
    // </snippet>
}
