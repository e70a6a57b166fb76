using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace FlexTls.Http;

/// <summary>
/// A pool that once met a server without HTTP/2 speaks HTTP/1.1 to it from then on, whatever its connections negotiate:
/// they must not be offered HTTP/2 any more.
/// </summary>
public class DowngradeTests(HttpServers servers) : IClassFixture<HttpServers>
{
    private static readonly string[] Mixed = ["1.1 OrLower", "2.0 OrLower", "1.1 Exact", "1.1 Upgrade", "1.1 OrHigher"];

    [Fact]
    public async Task HundredsOfRequestsAtOnce_ToAServerWithoutHttp2_AreAllAnswered()
    {
        var server = servers[HttpProtocols.Http1];
        await using var clients = ClientHost.Under(Policies.With("h2,http/1.1"));
        var client = clients["orders"];

        for (var round = 0; round < 3; round++)
        {
            var answers = await AllAtOnceAsync(client, server.Address, 150, Mixed);
            Assert.All(answers, answer => Assert.Equal("HTTP/1.1", answer));
        }
    }

    [Fact]
    public async Task HundredsOfRequestsAtOnce_ToAServerThatGetsHttp2Meanwhile_AreAllAnswered()
    {
        await using var forwarder = new PortForwarder(servers[HttpProtocols.Http1].Port);
        await using var clients = ClientHost.Under(Policies.With("h2,http/1.1"));
        var client = clients["orders"];
        var before = AllAtOnceAsync(client, forwarder.Address, 100, Mixed);

        // While the first connections are being made, and again when all requests have theirs.
        forwarder.SwitchTo(servers[HttpProtocols.Http1AndHttp2].Port);
        var during = AllAtOnceAsync(client, forwarder.Address, 100, Mixed);
        string[] answers = [.. await before, .. await during];
        forwarder.SwitchTo(servers[HttpProtocols.Http1].Port);
        answers = [.. answers, .. await AllAtOnceAsync(client, forwarder.Address, 100, Mixed)];

        Assert.All(answers, answer => Assert.StartsWith("HTTP/", answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AfterADowngrade_LaterConnectionsAreNotOfferedHttp2()
    {
        var both = servers[HttpProtocols.Http1AndHttp2];
        var known = both.Hellos.Count;
        await using var forwarder = new PortForwarder(servers[HttpProtocols.Http1].Port);
        await using var clients = ClientHost.Under(Policies.With("h2,http/1.1"));
        var client = clients["orders"];
        Assert.Equal("HTTP/1.1", await client.SendAsync(forwarder.Address, "2.0 OrLower", Deadline.Token()));

        forwarder.SwitchTo(both.Port);
        var answers = await AllAtOnceAsync(client, forwarder.Address, 100, ["2.0 OrLower"]);

        Assert.All(answers, answer => Assert.Equal("HTTP/1.1", answer));
        Assert.NotEmpty(both.Hellos.Skip(known));
        Assert.All(both.Hellos.Skip(known), hello => Assert.Equal(["http/1.1"], hello.Alpn));
    }

    [Fact]
    public async Task AfterADowngrade_ARequestThatMustBeHttp2_IsOfferedNothingElse()
    {
        var both = servers[HttpProtocols.Http1AndHttp2];
        var known = both.Hellos.Count;
        await using var forwarder = new PortForwarder(servers[HttpProtocols.Http1].Port);
        await using var clients = ClientHost.Under(Policies.With("h2,http/1.1"));
        var client = clients["orders"];
        Assert.Equal("HTTP/1.1", await client.SendAsync(forwarder.Address, "2.0 OrLower", Deadline.Token()));

        // The handler keeps a pool for each Host header, and this one is new.
        forwarder.SwitchTo(both.Port);
        using var request = Wishes.Request(forwarder.Address, "2.0 Exact");
        request.Headers.Host = "other.example";
        using var response = await client.SendAsync(request, Deadline.Token());

        Assert.Equal("HTTP/2", await response.Content.ReadAsStringAsync(Deadline.Token()));
        Assert.Equal(["h2"], Assert.Single(both.Hellos.Skip(known)).Alpn);
    }

    [Fact]
    public async Task Http11AndHttp2Requests_ToAServerWithBoth_KeepTheirProtocols()
    {
        var server = servers[HttpProtocols.Http1AndHttp2];
        await using var clients = ClientHost.Under(Policies.With("h2,http/1.1"));
        var client = clients["orders"];

        var http11 = AllAtOnceAsync(client, server.Address, 100, ["1.1 Exact", "1.1 Upgrade", "1.0 Exact"]);
        var http2 = AllAtOnceAsync(client, server.Address, 100, ["1.1 OrLower", "2.0 OrLower", "2.0 Exact"]);

        Assert.All(await http11, answer => Assert.StartsWith("HTTP/1.", answer, StringComparison.Ordinal));
        Assert.All(await http2, answer => Assert.Equal("HTTP/2", answer));
    }

    private static Task<string[]> AllAtOnceAsync(HttpClient client, Uri address, int count, string[] wishes) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => client.SendAsync(address, wishes[i % wishes.Length], Deadline.Token())));
}
