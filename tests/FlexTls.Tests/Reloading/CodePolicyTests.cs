using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>Policies in code do not change, but the files that they refer to do.</summary>
public class CodePolicyTests
{
    [Fact]
    public async Task AnUpstreamInCode_FollowsItsFiles()
    {
        await using var host = await RotatingHost.StartAsync(configure: tls => tls.AddPolicy("orders", options => FromFiles(options, "orders")), pattern: null);
        host.WriteIdentity("second");
        await host.UntilGenerationAsync(2);
        Assert.Equal("CN=second", await host.WhoAsync());
    }

    [Fact]
    public async Task TheOwnPolicyOfAClient_FollowsItsFiles_AndSurvivesTheirFaults()
    {
        await using var host = await RotatingHost.StartAsync(host =>
        {
            host.WriteIdentityOf("own", "own");
            host.AddClient("own").AddOutboundTls(options => FromFiles(options, "own"));
        });
        var client = host["own"];
        Assert.Equal("CN=own", await client.GetStringAsync("/", Deadline.Token()));

        host.Write("own.crt", "no PEM");
        await host.UntilDegradedAsync(DiagnosticCodes.NoPem, "own");
        Assert.Equal("CN=own", await host.NewWhoAsync("own"));
        host.WriteIdentityOf("own", "own-2");
        await host.UntilGenerationAsync(2, "own");
        Assert.Equal("CN=own-2", await client.GetStringAsync("/", Deadline.Token()));
        Assert.Equal(UpstreamTlsKind.Client, host.StatusOf("own").Kind);
        Assert.Equal(1, host.Orders.Generation);
        Assert.Single(host.Errors);
    }

    [Fact]
    public async Task ThePolicyForAllClients_IsChangedForThoseInUse_AndForThoseToCome()
    {
        await using var host = await RotatingHost.StartAsync(WithAllClients);
        Assert.Equal("CN=all", await host.NewWhoAsync("early"));

        host.WriteIdentityOf("all", "all-2");
        await host.UntilGenerationAsync(2, "early");

        Assert.Equal("CN=all-2", await host.NewWhoAsync("early"));
        Assert.Equal("CN=all-2", await host.NewWhoAsync("late"));
        Assert.Equal((1, 1), (host.StatusOf("late").Generation, host.Orders.Generation));
        host.WriteIdentityOf("all", "all-3");
        await host.UntilGenerationAsync(3, "early");
        await host.UntilGenerationAsync(2, "late");
    }

    [Fact]
    public async Task ThePolicyForAllClients_WithAFault_IsNotThatOfAClientToCome()
    {
        await using var host = await RotatingHost.StartAsync(WithAllClients);
        Assert.Equal("CN=all", await host.NewWhoAsync("early"));

        host.Write("all.key", RotatingHost.Identity("other").KeyPem());
        await host.UntilDegradedAsync(DiagnosticCodes.KeyMismatch, "early");

        Assert.Equal("CN=all", await host.NewWhoAsync("early"));
        Assert.Equal("CN=all", await host.NewWhoAsync("late"));
        Assert.Equal(UpstreamTlsState.Degraded, host.StatusOf("late").State);
    }

    [Fact]
    public async Task AFileThatAnUpstreamAndAClientShare_ChangesBoth()
    {
        await using var host = await RotatingHost.StartAsync(host => host.AddClient("own").AddOutboundTls(options => FromFiles(options, "orders")));
        _ = host["own"];
        host.WriteIdentity("second");
        await host.UntilGenerationAsync(2);
        await host.UntilGenerationAsync(2, "own");
        Assert.Equal("CN=second", await host.NewWhoAsync("own"));
    }

    [Fact]
    public async Task AFileThatComesToHaveTheUpstreamOfAPolicyInCode_HoldsItBack()
    {
        await using var host = await RotatingHost.StartAsync(configure: tls => tls.AddPolicy("code", options => FromFiles(options, "orders")));
        host.Write("policies/code.yaml", PolicyYaml.Binding("code", "{}"));
        await host.UntilDegradedAsync(DiagnosticCodes.UpstreamTwice, "code");
        Assert.Equal("CN=first", host.Contexts.GetContext("code").Policy.ClientIdentity!.Leaf.Subject);

        host.WriteIdentity("second");
        await host.UntilGenerationAsync(2);
        Assert.Equal(1, host.StatusOf("code").Generation);
        host.Delete("policies/code.yaml");
        await host.UntilGenerationAsync(2, "code");
        Assert.Single(host.Errors);
    }

    private static void FromFiles(OutboundTlsOptions options, string name)
    {
        options.TrustedCA = Pki.Root.Pem;
        options.Certificate = new CertificateOptions { Key = $"file:{name}.key", Crt = $"file:{name}.crt" };
    }

    private static void WithAllClients(RotatingHost host)
    {
        host.WriteIdentityOf("all", "all");
        host.AddClient("early");
        host.Builder.Services.ConfigureHttpClientDefaults(client => client.AddOutboundTls(options => FromFiles(options, "all")));
    }
}
