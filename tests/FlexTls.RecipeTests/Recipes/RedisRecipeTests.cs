using StackExchange.Redis;
using Xunit;

namespace FlexTls.Recipes;

/// <summary>docs/recipes/redis.md, with Redis, which does not show a subject, but takes clients by their CA.</summary>
public sealed class RedisRecipeTests(RedisServer server) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task Connections_ShowTheClientCertificate_AndAfterARotationTheNewOne()
    {
        server.Require();
        await using var upstreams = new Upstreams("cache", "alpn: []");
        await using var redis = await ConnectAsync(upstreams.Contexts, "cache");
        var first = (await IdAsync(redis))!.Value;

        // From here on the server takes nobody who shows the certificate that was.
        await redis.GetServers().Single().ConfigSetAsync("tls-ca-cert-file", server.RenewedFile);
        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectAsync(upstreams.Contexts, "cache"));

        await upstreams.RotateAsync("CN=second", server.Renewed);
        await using var another = await ConnectAsync(upstreams.Contexts, "cache");
        Assert.Equal(1, await another.GetServers().Single().ClientKillAsync(first));
        await Poll.UntilAsync(async () => await IdAsync(redis) is { } id && id != first);
        await another.GetServers().Single().ConfigSetAsync("tls-ca-cert-file", server.ClientsFile);
    }

    [Fact]
    public async Task AReplacedMultiplexer_IsClosedWithoutLosingCommands()
    {
        server.Require();
        await using var upstreams = new Upstreams("cache", "alpn: []");
        await using var redis = await ConnectAsync(upstreams.Contexts, "cache");
        var command = redis.GetDatabase().StringSetAsync("key", "value");

        await redis.CloseAsync();

        Assert.True(await command);
    }

    [Fact]
    public async Task AServerOfAnotherCA_IsRefused()
    {
        server.Require();
        await using var upstreams = new Upstreams("cache", "alpn: []");

        Refusals.AssertUntrusted(await Assert.ThrowsAsync<RedisConnectionException>(
            () => ConnectAsync(upstreams.Contexts, Upstreams.Mistrustful)));
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(IOutboundTlsContextProvider contexts, string name)
    {
        var configuration = $"{RecipeServer.Host}:{server.Port},allowAdmin=true,connectRetry=0";

        // <snippet>
        var options = ConfigurationOptions.Parse(configuration);
        options.Ssl = true;
        options.SslClientAuthenticationOptions = host => contexts.GetContext(name).CreateClientOptions(host);
        var redis = await ConnectionMultiplexer.ConnectAsync(options);
        // </snippet>
        return redis;
    }

    /// <summary>The number that the server gave the connection; <see langword="null"/> while there is none.</summary>
    private static async Task<long?> IdAsync(ConnectionMultiplexer redis)
    {
        try
        {
            return (long)await redis.GetDatabase().ExecuteAsync("CLIENT", "ID");
        }
        catch (RedisConnectionException)
        {
            return null;
        }
    }
}
