using System.Net;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Proxies;

/// <summary>What belongs to clusters that are replaced or removed is ended.</summary>
public class ClientLifetimeTests : ProxyContext
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task ARemovedCluster_IsDrained()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StartAsync(options => options with
        {
            Respond = async context =>
            {
                await answer.Task;
                await context.Response.WriteAsync("late", context.RequestAborted);
            },
        });
        await using var gateway = await StartGatewayAsync(server);
        var request = gateway.StatusOfAsync("orders");
        await Deadline.UntilAsync(() => !server.Requests.IsEmpty);

        gateway.Update();
        Assert.Equal(HttpStatusCode.NotFound, await gateway.StatusOfAsync("orders"));
        _time.Advance(ClusterClients.Grace);
        answer.SetResult();

        Assert.Equal(HttpStatusCode.OK, await request);
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal(0, gateway.Status.Sum(upstream => upstream.OpenConnections));
    }

    [Fact]
    public async Task ARequestThatWasRoutedBefore_ReachesAClientThatWasReplaced()
    {
        await using var server = await StartAsync();
        await using var gateway = await StartGatewayAsync(server);
        var before = gateway.ClientOf("orders");
        gateway.Update(Gateway.Cluster("orders", server, "more"));
        Assert.NotSame(before, gateway.ClientOf("orders"));

        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        using var response = await before.SendAsync(request, Deadline.Token());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        _time.Advance(ClusterClients.Grace);
        using var late = new HttpRequestMessage(HttpMethod.Get, server.Address);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => before.SendAsync(late, Deadline.Token()));
        await server.EndOfAllAsync(Deadline.Token());
    }

    [Fact]
    public async Task ClustersThatComeAndGo_LeaveNothingBehind()
    {
        await using var server = await StartAsync();
        await using var gateway = await StartGatewayAsync(server);
        var clients = new List<WeakReference>();
        for (var i = 0; i < 50; i++)
        {
            gateway.Update(Gateway.Cluster($"cluster-{i}", server, "orders"));
            Assert.Equal(HttpStatusCode.OK, await gateway.StatusOfAsync($"cluster-{i}"));
            clients.Add(new WeakReference(gateway.ClientOf($"cluster-{i}")));
        }

        gateway.Update();
        _time.Advance(ClusterClients.Grace);

        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((50, 0), (server.Connections, gateway.Status.Sum(upstream => upstream.OpenConnections)));

        // The last request's context may still hold its client.
        await Deadline.UntilAsync(() =>
        {
            GC.Collect();
            return clients.Count(client => client.IsAlive) <= 1;
        });
    }

    [Fact]
    public async Task AtTheEnd_AllConnectionsClose()
    {
        await using var server = await StartAsync();
        var gateway = await StartGatewayAsync(server);
        await gateway.StatusOfAsync("orders");
        gateway.Update(Gateway.Cluster("orders", server, "more"));
        await gateway.StatusOfAsync("orders");

        await gateway.DisposeAsync();

        await server.EndOfAllAsync(Deadline.Token());
    }

    /// <summary>On a timer, an exception would end the process.</summary>
    [Fact]
    public async Task AReplacedClient_WhoseTimerCannotBeDisposedOf_IsEnded()
    {
        await using var server = await StartAsync();
        var time = new StuckTimers();
        await using var gateway = await StartGatewayAsync(server, time);
        await gateway.StatusOfAsync("orders");
        gateway.Update(Gateway.Cluster("orders", server, "more"));

        time.Advance(ClusterClients.Grace);

        await server.EndOfAllAsync(Deadline.Token());
    }

    private async Task<Gateway> StartGatewayAsync(HttpUpstream server, FakeTimeProvider? time = null)
    {
        var gateway = new Gateway(new GatewayOptions
        {
            // Only for what ends: files and answers have the system's time.
            Proxy = proxy =>
            {
                proxy.AddOutboundTls();
                proxy.Services.AddSingleton(provider =>
                    new ClusterClients(provider.GetRequiredService<ClusterHandlers>(), time ?? _time));
            },
        });
        gateway.Write("orders");
        gateway.Write("more");
        await gateway.StartAsync(Gateway.Cluster("orders", server));
        return gateway;
    }

    private sealed class StuckTimers() : FakeTimeProvider(DateTimeOffset.UtcNow)
    {
        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Timer(base.CreateTimer(callback, state, dueTime, period));

        private sealed class Timer(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose() => throw new InvalidOperationException("The timer is stuck.");

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
