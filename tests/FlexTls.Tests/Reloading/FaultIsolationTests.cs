using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>A fault holds back the upstreams that it belongs to, and no others.</summary>
public class FaultIsolationTests
{
    private const string File = "policies/three.yaml";

    [Fact]
    public async Task ABadBinding_HoldsBackItsOwnUpstream_InAFileOfThree()
    {
        await using var host = await StartAsync();
        host.Write("b.crt", "no PEM");
        host.WriteIdentityOf("a", "a-2");
        host.WriteIdentityOf("c", "c-2");
        await host.UntilGenerationAsync(2, "a");
        await host.UntilGenerationAsync(2, "c");
        await host.UntilDegradedAsync(DiagnosticCodes.NoPem, "b");
        Assert.Equal(("CN=a-2", "CN=b", "CN=c-2"), (await host.NewWhoAsync("a"), await host.NewWhoAsync("b"), await host.NewWhoAsync("c")));

        host.WriteIdentityOf("a", "a-3");
        await host.UntilGenerationAsync(3, "a");
        Assert.Equal((1, 1), (host.StatusOf("b").Generation, host.Orders.Generation));
        Assert.Contains("keep the previous policy: b.", Assert.Single(host.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNoYaml_HoldsBackAllThatItHad_AndNoOther_HoweverOftenItIsPolled()
    {
        await using var host = await StartAsync(tls => tls.PollInterval = TimeSpan.FromSeconds(1));
        host.Write(File, Three() + "a: [");
        await host.UntilDegradedAsync(DiagnosticCodes.YamlSyntax, "b");
        Assert.All(new[] { "a", "c" }, name => Assert.Equal(UpstreamTlsState.Degraded, host.StatusOf(name).State));

        // Two polls and more go by.
        for (var generation = 2; generation <= 5; generation++)
        {
            host.WriteIdentity($"orders-{generation}");
            await host.UntilGenerationAsync(generation);
        }

        Assert.Equal(("CN=orders-5", "CN=b"), (await host.NewWhoAsync(), await host.NewWhoAsync("b")));
        Assert.Contains("keep the previous policy: a, b, c.", Assert.Single(host.Errors), StringComparison.Ordinal);
        host.Write(File, Three());
        await host.UntilGenerationAsync(1, "b");
        Assert.Single(host.Errors);
    }

    [Fact]
    public async Task AnUpstreamWhoseReplacementFails_HoldsUpNoOther()
    {
        await using var host = await StartAsync();
        var user = new FailingUser();
        host.Services.GetRequiredService<UpstreamRegistry>().Clients.Find("a")!.Join(user);
        user.Fails = true;
        host.WriteIdentityOf("a", "a-2");
        await host.UntilDegradedAsync(DiagnosticCodes.ReplacementFailed, "a");
        Assert.Equal((1, "CN=a"), (host.StatusOf("a").Generation, await host.NewWhoAsync("a")));

        host.WriteIdentityOf("c", "c-2");

        await host.UntilGenerationAsync(2, "c");
        Assert.Equal("CN=c-2", await host.NewWhoAsync("c"));

        // The next change tries again.
        user.Fails = false;
        host.WriteIdentityOf("c", "c-3");
        await host.UntilGenerationAsync(2, "a");
        Assert.Equal("CN=a-2", await host.NewWhoAsync("a"));
    }

    [Fact]
    public async Task ANewUpstreamThatThePlatformCannotServe_HoldsUpNoOther()
    {
        await using var host = await StartAsync();
        var proxy = new X509Extension(
            "1.3.6.1.5.5.7.1.14", Convert.FromHexString("300C300A06082B06010505071501"), critical: true);
        using var client = Pki.Root.Issue("CN=d", new CertificateRequestOptions { Extensions = [proxy] });
        host.Write("d.key", client.KeyPem());
        host.Write("d.crt", client.ExportCertificatePem());
        host.Write("policies/d.yaml", RotatingHost.BindingOf("d"));
        await host.UntilAsync(() => host.Manager.GetStatus().Faults.Any(fault => fault.Code == DiagnosticCodes.IdentityNotUsable));

        host.WriteIdentityOf("a", "a-2");

        await host.UntilGenerationAsync(2, "a");
        Assert.Equal("CN=a-2", await host.NewWhoAsync("a"));
    }

    [Fact]
    public async Task ABindingThatMoves_ToAnotherFile_IsTheSameUpstream()
    {
        await using var host = await StartAsync();
        host.Write("policies/b.yaml", RotatingHost.BindingOf("b"));
        host.Write(File, Three("a", "c"));
        host.WriteIdentityOf("b", "b-2");
        await host.UntilGenerationAsync(2, "b");

        Assert.EndsWith("b.yaml(2)", host.StatusOf("b").Source, StringComparison.Ordinal);
        host.Write(File, "a: [");
        await host.UntilDegradedAsync(DiagnosticCodes.YamlSyntax, "a");
        Assert.Equal(UpstreamTlsState.UpToDate, host.StatusOf("b").State);
        host.Write("policies/b.yaml", "a: [");
        await host.UntilDegradedAsync(DiagnosticCodes.YamlSyntax, "b");
        Assert.Equal("CN=b-2", await host.NewWhoAsync("b"));
    }

    [Fact]
    public async Task ABindingThatMoves_InTwoSteps_IsHeldBackBetween()
    {
        await using var host = await StartAsync();
        host.WriteIdentityOf("other", "other");
        host.Write("policies/b.yaml", RotatingHost.BindingOf("b").Replace("../b.", "../other.", StringComparison.Ordinal));
        await host.UntilDegradedAsync(DiagnosticCodes.DuplicateBinding, "b");
        Assert.Equal("CN=b", await host.NewWhoAsync("b"));
        Assert.Equal(UpstreamTlsState.UpToDate, host.StatusOf("a").State);

        host.Write(File, Three("a", "c"));
        await host.UntilGenerationAsync(2, "b");
        Assert.Equal("CN=other", await host.NewWhoAsync("b"));
    }

    [Fact]
    public async Task ABindingThatIsGone_WhileAnotherFileIsBad_IsToldAsGone()
    {
        await using var host = await StartAsync();
        host.Write("policies/orders.yaml", "a: [");
        host.Write(File, Three("a", "c"));
        await host.UntilDegradedAsync(DiagnosticCodes.PolicyGone, "b");
        await host.UntilDegradedAsync(DiagnosticCodes.YamlSyntax, "orders");
        Assert.Equal("CN=b", await host.NewWhoAsync("b"));
        Assert.Equal(UpstreamTlsState.UpToDate, host.StatusOf("a").State);
    }

    [Fact]
    public async Task ANewBinding_InAFileThatIsBad_IsNoUpstream()
    {
        await using var host = await StartAsync();
        host.Write(File, Three("a", "b", "c", "d") + "---\nkind: PolicyBinding\n");
        await host.UntilDegradedAsync("a");
        Assert.False(host.Contexts.TryGetContext("d", out _));

        host.WriteIdentityOf("d", "d");
        host.Write(File, Three("a", "b", "c", "d"));
        await host.UntilAsync(() => host.Contexts.TryGetContext("d", out _));
        Assert.Equal(1, host.StatusOf("a").Generation);
    }

    [Fact]
    public async Task ACaFileThatTwoUpstreamsShare_ChangesBoth_AndABadOneHoldsBackBoth()
    {
        await using var host = await StartAsync(files: host =>
        {
            host.Write("ca.pem", Pki.Root.Pem);
            host.Write(File, PolicyYaml.Binding("a", "trustedCA: file:../ca.pem") + PolicyYaml.Binding("b", "trustedCA: file:../ca.pem") + RotatingHost.BindingOf("c"));
        });
        host.Write("ca.pem", Pki.Root.Pem + "\n" + Pki.Foreign.Pem);
        await host.UntilGenerationAsync(2, "a");
        await host.UntilGenerationAsync(2, "b");
        host.Write("ca.pem", Pki.Root.Pem + "\n" + Pki.Foreign.Pem[..^30]);
        await host.UntilDegradedAsync(DiagnosticCodes.MalformedPem, "a");
        await host.UntilDegradedAsync(DiagnosticCodes.MalformedPem, "b");
        Assert.Equal("none", await host.NewWhoAsync("a"));
        Assert.Equal((1, UpstreamTlsState.UpToDate), (host.StatusOf("c").Generation, host.StatusOf("c").State));
    }

    private static string Three(params string[] names) => string.Concat((names.Length == 0 ? ["a", "b", "c"] : names).Select(name => RotatingHost.BindingOf(name)));

    /// <summary>A host with orders, and with three upstreams in one file.</summary>
    private static Task<RotatingHost> StartAsync(Action<OutboundTlsBuilder>? configure = null, Action<RotatingHost>? files = null) => RotatingHost.StartAsync(host =>
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            host.WriteIdentityOf(name, name);
            host.AddClient(name).AddOutboundTls();
        }

        host.Write(File, Three());
        files?.Invoke(host);
    }, configure);

    private sealed class FailingUser : IGenerationUser
    {
        public bool NeedsHttp => false;

        public bool Fails { get; set; }

        public void Adopt(UpstreamGeneration generation)
        {
            if (Fails && generation.Number > 1)
            {
                throw new InvalidOperationException("It fails.");
            }
        }
    }
}
