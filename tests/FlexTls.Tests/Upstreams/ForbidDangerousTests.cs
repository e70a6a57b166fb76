using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Upstreams;

/// <summary>ForbidDangerous makes every weakening an error at start, wherever it is written; without it, it is logged.</summary>
public class ForbidDangerousTests
{
    [Fact]
    public async Task EveryWeakening_IsAnErrorThatNamesItsSource()
    {
        await using var host = new PolicyHost();
        AddWeakenings(host);
        host.Builder.Services.AddOutboundTls(tls => tls.ForbidDangerous());

        var faults = (await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics.Where(fault => fault.Severity == TlsPolicyDiagnosticSeverity.Error).ToList();

        Assert.All(faults, fault => Assert.Equal(DiagnosticCodes.DangerousForbidden, fault.Code));
        string[] sources = ["orders.yaml(2) has", "AddPolicy(\"code\", …) has", "AddPolicy(\"options\", …) has", "OutboundTls:Upstreams:b/orders has", "client 'own' has", "client 'written' has", "all clients has", "client 'fake' is replaced"];
        Assert.Equal(sources.Length, faults.Count);
        Assert.All(sources, source => Assert.Single(faults, fault => fault.Message.Contains(source, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task WithoutAHost_TheFirstUseThrows()
    {
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.ForbidDangerous());
            services.AddHttpClient("fake").DangerousReplaceOutboundTls(() => new HttpClientHandler());
        });

        Assert.Equal(DiagnosticCodes.DangerousForbidden, Assert.Single(Assert.Throws<TlsPolicyException>(() => clients["fake"]).Diagnostics).Code);
    }

    [Fact]
    public async Task NothingElse_IsForbidden()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls(tls => tls.ForbidDangerous().AddPolicy("orders", options => options.Ciphers = Typed.Suites("TLS_RSA_WITH_AES_128_CBC_SHA")));
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls();

        await host.StartAsync();

        Assert.NotNull(host["orders"]);
    }

    [Fact]
    public async Task WithoutIt_EveryWeakeningIsLogged()
    {
        await using var host = new PolicyHost();
        AddWeakenings(host);

        await host.StartAsync();

        var dangers = host.Log.Warnings.Where(line => line.StartsWith("DANGEROUS", StringComparison.Ordinal)).ToList();
        string[] names = ["orders", "code", "options", "b/orders", "own", "written"];
        Assert.All(names, name => Assert.Single(dangers, line => line.Contains($"'{name}'", StringComparison.Ordinal)));
    }

    private static void AddWeakenings(PolicyHost host)
    {
        var lax = OutboundTlsPolicy.Create(new OutboundTlsOptions { DangerousSkipValidation = true });
        host.Write("orders.yaml", PolicyYaml.Binding("orders", "skipValidation: true"));
        var services = host.Builder.Services;
        services.AddOutboundTls(tls => tls.AddPolicyFile("orders.yaml").AddPolicy("code", lax).AddPolicy("options", options => options.DangerousSkipValidation = true));
        services.AddOutboundTls(Registered.InMemory(("Upstreams:b/orders:skipValidation", "TRUE")));
        services.AddHttpClient("own").AddOutboundTls(lax);
        services.AddHttpClient("written").AddOutboundTls(options => options.DangerousSkipValidation = true);
        services.AddHttpClient("fake").DangerousReplaceOutboundTls(() => new HttpClientHandler());
        services.ConfigureHttpClientDefaults(client => client.AddOutboundTls(lax));
    }
}
