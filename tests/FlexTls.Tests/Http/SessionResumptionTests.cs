using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>Named clients resume sessions: the server's page says whether one was.</summary>
public class SessionResumptionTests
{
    private readonly string _name = $"{Guid.NewGuid():N}.example";

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task ANamedClient_ResumesTheSessionsOfAServerThatSpeaksTls13(bool isMutual, bool hasOwnConnectCallback)
    {
        await using var server = await StartAsync(isMutual ? ["-Verify", "3"] : []);
        await using var clients = ClientHost.Under(Options(isMutual), client =>
        {
            if (hasOwnConnectCallback)
            {
                client.UseSocketsHttpHandler((handler, _) => handler.ConnectCallback =
                    async (connection, ct) => await Loopback.ConnectAsync(connection.DnsEndPoint.Port, ct));
            }
        });

        Assert.Equal(["New", "New", "Reused", "Reused"], await AskAsync(clients, server.Port, 4));
    }

    [Fact]
    public async Task TheOfferOfTls13Alone_LiesWithinThePolicy()
    {
        await using var upstream = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.Root.IssueServer(_name)), Deadline.Token());
        var options = Options(isMutual: false);
        options.Alpn = ["http/1.1"];
        await using var clients = ClientHost.Under(options);
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, upstream.Address);
            request.Headers.ConnectionClose = true;
            using var response = await clients["orders"].SendAsync(request, Deadline.Token());
        }

        var status = clients.Services.GetRequiredService<IOutboundTlsManager>().GetStatus();
        var effective = status.Upstreams.Single().Settings;
        Assert.True(effective.ResumesSessions);
        Assert.Equal(["1.3, 1.2", "1.3", "1.3"], upstream.Hellos.Select(hello => string.Join(", ", hello.Versions)));
        Assert.Equal(effective.CipherSuites, upstream.Hellos.First().CipherSuites);
        Assert.All(upstream.Hellos.Skip(1), hello => Assert.Empty(hello.CipherSuites.Except(effective.CipherSuites)));
        Assert.All(
            upstream.Hellos,
            hello => Assert.Equal((_name, "http/1.1"), (hello.ServerName, Assert.Single(hello.Alpn))));
    }

    [Fact]
    public async Task ARotatedClientCertificate_BeginsANewSession()
    {
        await using var server = await StartAsync("-Verify", "3");
        using var policies = new PolicyFiles(Pki.Root);
        policies.Write("orders", "first", $"extensions: {{ serverName: {_name} }}");
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicyFile(policies.Pattern));
            services.AddHttpClient("orders").AddOutboundTls();
        });
        Assert.Equal(["New", "New", "Reused"], await AskAsync(clients, server.Port, 3));

        policies.Write("orders", "second", $"extensions: {{ serverName: {_name} }}");
        await clients.Services.GetRequiredService<IOutboundTlsManager>().ReloadAsync(Deadline.Token());

        Assert.Equal(["New", "New", "Reused"], await AskAsync(clients, server.Port, 3));
    }

    [Fact]
    public async Task AServerOfTls12_AtTheAddressOfOneOfTls13_LosesNoRequest()
    {
        await using var before = await StartAsync();
        await using var after = await StartAsync("-tls1_2");
        await using var port = new PortForwarder(before.Port);
        await using var clients = ClientHost.Under(Options(isMutual: false));
        Assert.Equal(["New", "New", "Reused"], await AskAsync(clients, port.Port, 3));

        port.SwitchTo(after.Port);

        Assert.Equal(["New", "New"], await AskAsync(clients, port.Port, 2));
        Assert.Equal(3 + 2 + 1, port.Connections);
    }

    [Fact]
    public async Task APolicyThatIsReplaced_WhileTheUsersCallbackConnectsAgain_LosesNoRequest()
    {
        await using var before = await StartAsync();
        await using var after = await StartAsync("-tls1_2");
        await using var port = new PortForwarder(before.Port);
        var (connections, replace) = (0, default(Func<Task>));
        await using var clients = ClientHost.Under(Options(isMutual: false), client =>
            client.UseSocketsHttpHandler((handler, _) => handler.ConnectCallback = async (connection, ct) =>
            {
                if (Interlocked.Increment(ref connections) == 3)
                {
                    await replace!();
                    if (ct.IsCancellationRequested)
                    {
                        throw new InvalidOperationException("given up");
                    }
                }

                return await Loopback.ConnectAsync(connection.DnsEndPoint.Port, ct);
            }));
        replace = () =>
        {
            var upstream = clients.Services.GetRequiredService<UpstreamRegistry>().Table.All.Single().Upstream;
            var policy = OutboundTlsPolicy.Create(Options(isMutual: false));
            upstream.Replace(
                new TlsContextFactory().CreateGeneration(policy, "orders"),
                new RegisteredPolicy(policy, "next", new Place("next")));
            return Task.CompletedTask;
        };
        Assert.Equal(["New"], await AskAsync(clients, port.Port, 1));

        port.SwitchTo(after.Port);

        Assert.Equal(["New"], await AskAsync(clients, port.Port, 1));
        Assert.InRange(connections, 3, 4);
    }

    [Fact]
    public async Task AServerThatForgetsItsTickets_LosesNoRequest()
    {
        await using var before = await StartAsync();
        await using var after = await StartAsync();
        await using var port = new PortForwarder(before.Port);
        await using var clients = ClientHost.Under(Options(isMutual: false));
        Assert.Equal(["New", "New", "Reused"], await AskAsync(clients, port.Port, 3));

        port.SwitchTo(after.Port);

        Assert.Equal(["New", "Reused"], await AskAsync(clients, port.Port, 2));
        Assert.Equal(3 + 2, port.Connections);
    }

    [Fact]
    public async Task AServerThatBeginsToRequireACertificate_GetsItsRequests()
    {
        await using var before = await StartAsync();
        await using var after = await StartAsync("-Verify", "3");
        await using var port = new PortForwarder(before.Port);
        await using var clients = ClientHost.Under(Options(isMutual: true));
        Assert.Equal(["New", "New", "New"], await AskAsync(clients, port.Port, 3));

        port.SwitchTo(after.Port);

        Assert.Equal(["New", "New", "Reused"], await AskAsync(clients, port.Port, 3));
    }

    [Fact]
    public async Task AServerThatBeginsToRequireACertificate_IsExplained_ToAClientThatHasNone()
    {
        await using var before = await StartAsync();
        await using var after = await StartAsync("-Verify", "3");
        await using var port = new PortForwarder(before.Port);
        await using var clients = ClientHost.Under(Options(isMutual: false));
        Assert.Equal(["New", "New", "Reused"], await AskAsync(clients, port.Port, 3));

        port.SwitchTo(after.Port);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(clients, port.Port, 1));
        Assert.Equal("FTLS6216", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
    }

    private async Task<OpenSslServer> StartAsync(params string[] arguments)
    {
        ExternalTool.RequireOpenSsl();
        var certificate = Pki.Root.IssueServer(_name);
        return await OpenSslServer.StartAsync(
            certificate.ExportCertificatePem(), certificate.KeyPem(),
            arguments.Contains("-Verify") ? Pki.Root.Pem : null, ["-www", .. arguments], Deadline.Token());
    }

    private OutboundTlsOptions Options(bool isMutual)
    {
        var (options, client) = (Pki.Trusting(), Pki.Root.IssueClient());
        options.Certificate = isMutual
            ? new CertificateOptions { Key = client.KeyPem(), Crt = client.ExportCertificatePem() } : null;
        options.Extensions = new() { ServerName = _name };
        return options;
    }

    /// <summary>The first word about the session on each of the server's pages; it closes each connection.</summary>
    private static async Task<List<string>> AskAsync(ClientHost clients, int port, int times)
    {
        var words = new List<string>();
        for (var i = 0; i < times; i++)
        {
            var page = await clients["orders"].GetStringAsync(new Uri($"https://localhost:{port}/"), Deadline.Token());
            words.Add(page.Split('\n').First(line => line.StartsWith("New,", StringComparison.Ordinal)
                || line.StartsWith("Reused,", StringComparison.Ordinal)).Split(',')[0]);
        }

        return words;
    }
}
