using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>Clients that are made, or refused, while policies change.</summary>
public class NewClientTests
{
    [Fact]
    public async Task AClientThatIsMadeWhileThePolicyForAllIsReplaced_GetsTheNewOne()
    {
        var version = TlsVersion.Tls12;
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.ReloadOnChange = false);
            services.ConfigureHttpClientDefaults(client => client.AddOutboundTls((_, options) =>
            {
                options.MinVersion = version;
                options.Ciphers = version == TlsVersion.Tls11
                    ? [System.Net.Security.TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA]
                    : null;
            }));
        });
        var manager = clients.Services.GetRequiredService<IOutboundTlsManager>();
        Assert.Empty(manager.GetStatus().Upstreams);

        // The line comes when the new policy is loaded, and not yet in force.
        clients.Log.Written = line =>
        {
            if (line.Contains("TLS context for upstream 'all clients'", StringComparison.Ordinal))
            {
                _ = clients["late"];
            }
        };
        version = TlsVersion.Tls11;
        await manager.ReloadAsync(Deadline.Token());

        var late = Assert.Single(manager.GetStatus().Upstreams);
        Assert.Equal(("late", TlsVersion.Tls11), (late.Name, late.Settings.MinVersion));
    }

    [Fact]
    public async Task AClientThatIsRefused_HoldsUpNoChangeOfItsUpstream()
    {
        var version = TlsVersion.Tls12;
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls =>
            {
                tls.ReloadOnChange = false;
                tls.AddPolicy("mq", (_, options) => (options.Alpn, options.MinVersion) = (["mqtt"], version));
            });
            services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        });
        var refused = Assert.ThrowsAny<TlsPolicyException>(() => clients["mq"]);
        Assert.Equal("FTLS7007", Assert.Single(refused.Diagnostics).Code);

        version = TlsVersion.Tls13;
        var found = await clients.Services.GetRequiredService<IOutboundTlsManager>().ReloadAsync(Deadline.Token());

        Assert.DoesNotContain(found, fault => fault.Severity == TlsPolicyDiagnosticSeverity.Error);
        var context = clients.Services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("mq");
        Assert.Equal(TlsVersion.Tls13, context.Effective.MinVersion);
    }

    [Fact]
    public async Task AClientThatIsMadeWhileThePolicyForAllWaits_WaitsAsLongAsTheOthers()
    {
        var twoAuthorities = Pki.Root.Pem + "\n" + Pki.Foreign.Pem;
        await using var host = await WaitingHost.StartAsync("{}", rotating =>
        {
            rotating.Write("all.pem", twoAuthorities);
            rotating.Builder.Services.ConfigureHttpClientDefaults(
                client => client.AddOutboundTls(options => options.TrustedCA = "file:all.pem"));
        });
        _ = host.Rotating["early"];
        host.Write("all.pem", Pki.Root.Pem);
        await host.Rotating.UntilAsync(() => host.Rotating.StatusOf("early").State == UpstreamTlsState.Waiting);

        _ = host.Rotating["late"];

        var (early, late) = (host.Rotating.StatusOf("early"), host.Rotating.StatusOf("late"));
        Assert.Equal((early.State, early.Wait?.Until), (late.State, late.Wait?.Until));
    }
}
