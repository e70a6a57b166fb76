using System.Text.Json;
using FlexTls.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>appsettings.json changes, and its provider reads it again.</summary>
public class ConfigurationChangeTests
{
    private static readonly object Orders = new { trustedCA = Pki.Root.Pem, certificate = new { key = "file:orders.key", crt = "file:orders.crt" } };

    [Fact]
    public async Task ASectionThatChanges_IsInForceForTheNextRequest()
    {
        await using var host = await StartAsync();
        Assert.Equal("CN=first", await host.WhoAsync());

        host.WriteIdentityOf("other", "other");
        Write(host, new { Upstreams = new { orders = new { trustedCA = Pki.Root.Pem, certificate = new { key = "file:other.key", crt = "file:other.crt" } } } });
        await host.UntilGenerationAsync(2);
        Assert.Equal("CN=other", await host.WhoAsync());

        host.WriteIdentityOf("other", "other-2");
        await host.UntilGenerationAsync(3);
        Assert.Equal("CN=other-2", await host.WhoAsync());
    }

    [Fact]
    public async Task AFileThatASectionRefersTo_IsInForceForTheNextRequest()
    {
        await using var host = await StartAsync();
        host.WriteIdentity("second");
        await host.UntilGenerationAsync(2);
        Assert.Equal("CN=second", await host.WhoAsync());
    }

    [Fact]
    public async Task JsonThatIsBroken_LeavesInForceWhatWas_UntilItIsGood()
    {
        await using var host = await StartAsync();
        host.Write("settings.json", """{ "OutboundTls": { "Upstreams": { """);
        await host.UntilDegradedAsync();
        Assert.Equal("CN=first", await host.NewWhoAsync());
        Assert.Contains(host.Orders.Degradation!.Diagnostics, fault => fault.Code == DiagnosticCodes.NoSuchSection);

        Write(host, new { Upstreams = new { orders = Orders } });
        await host.UntilGenerationAsync(1);
        Assert.Single(host.Errors);
    }

    [Fact]
    public async Task ASectionThatIsGone_LeavesInForceWhatWas_UntilItIsBack()
    {
        await using var host = await StartAsync();
        host.Write("settings.json", "{}");
        await host.UntilDegradedAsync(DiagnosticCodes.NoSuchSection, "orders");
        Assert.Equal("CN=first", await host.NewWhoAsync());

        Write(host, new { Upstreams = new { orders = Orders } });
        await host.UntilGenerationAsync(1);
    }

    [Fact]
    public async Task AnUpstreamThatIsGone_AndOneThatIsBad_DoNotKeepAThirdFromItsChange()
    {
        await using var host = await StartAsync(new { Upstreams = new { orders = Orders, gone = new { }, bad = new { } } });
        host.WriteIdentityOf("other", "other");
        Write(host, new { Upstreams = new { orders = new { trustedCA = Pki.Root.Pem, certificate = new { key = "file:other.key", crt = "file:other.crt" } }, bad = new { minversion = "1.4" } } });

        await host.UntilGenerationAsync(2);
        await host.UntilDegradedAsync(DiagnosticCodes.PolicyGone, "gone");
        await host.UntilDegradedAsync(DiagnosticCodes.UnknownVersion, "bad");
        Assert.Equal("CN=other", await host.NewWhoAsync());
        Assert.Single(host.Errors);
    }

    [Fact]
    public async Task PolicyFilesThatAreAdded_AreUpstreamsMore_AndAreWatched()
    {
        await using var host = await StartAsync();
        host.WriteIdentityOf("billing", "billing");
        host.Write("later/billing.yaml", RotatingHost.BindingOf("billing"));
        Write(host, new { PolicyFiles = new[] { "later" }, Upstreams = new { orders = Orders } });
        await host.UntilAsync(() => host.Contexts.TryGetContext("billing", out _));
        Assert.Equal("CN=billing", host.Contexts.GetContext("billing").Policy.ClientIdentity!.Leaf.Subject);

        host.WriteIdentityOf("billing", "billing-2");
        await host.UntilGenerationAsync(2, "billing");
        host.Write("later/payments.yaml", PolicyYaml.Binding("payments", "{}"));
        await host.UntilAsync(() => host.Contexts.TryGetContext("payments", out _));
        Assert.Equal(1, host.Orders.Generation);
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task TwoSectionsOfTheSamePath_AreBothWatched()
    {
        await using var host = await StartAsync(new { Upstreams = new { orders = Orders } }, host =>
        {
            host.Write("more.json", """{ "OutboundTls": { "Upstreams": { "billing": { } } } }""");
            var other = new ConfigurationBuilder().SetBasePath(host.Folder).AddJsonFile("more.json", optional: false, reloadOnChange: true).Build();
            host.Builder.Services.AddOutboundTls(other.GetSection("OutboundTls"));
        });

        host.Write("more.json", """{ "OutboundTls": { "Upstreams": { "billing": { "maxversion": "1.2" } } } }""");
        await host.UntilGenerationAsync(2, "billing");
        Write(host, new { Upstreams = new { orders = new { trustedCA = Pki.Root.Pem } } });
        await host.UntilGenerationAsync(2);
        Assert.Equal("none", await host.WhoAsync());
    }

    [Fact]
    public async Task ASectionWhoseProviderThrows_HoldsBackItsOwnUpstreams_WithoutTheProvidersWords()
    {
        var provider = new FailingProvider();
        await using var host = await RotatingHost.StartAsync(configure: tls =>
        {
            tls.PollInterval = TimeSpan.FromSeconds(1);
            tls.AddConfiguration(new ConfigurationBuilder().Add(provider).Build().GetSection("OutboundTls"));
        });

        provider.Fails = true;
        host.WriteIdentity("second");
        await host.UntilGenerationAsync(2);
        await Deadline.UntilAsync(
            () => host.StatusOf("billing").Degradation?.Diagnostics[0].Code == DiagnosticCodes.ConfigurationFailed);
        Assert.NotEmpty(await host.Manager.ReloadAsync(Deadline.Token()));
        Assert.All(host.Log.Lines, line => Assert.DoesNotContain("a secret", line.Text, StringComparison.Ordinal));

        provider.Fails = false;
        await Deadline.UntilAsync(() => host.StatusOf("billing").State == UpstreamTlsState.UpToDate);
        Assert.Equal((2, UpstreamTlsState.UpToDate), (host.Orders.Generation, host.Orders.State));
    }

    /// <summary>It fails only when it is asked for the files that it names.</summary>
    [Fact]
    public async Task ASectionWhoseProviderThrowsOnceAtStart_IsReadAgain()
    {
        var provider = new FailingProvider { FailsNext = 1 };
        await using var host = await RotatingHost.StartAsync(configure: tls =>
            tls.AddConfiguration(new ConfigurationBuilder().Add(provider).Build().GetSection("OutboundTls")));

        Assert.Equal(["billing", "orders"],
            host.Manager.GetStatus().Upstreams.Select(upstream => upstream.Name).Order());
        Assert.Empty(host.Manager.GetStatus().Faults);
    }

    [Fact]
    public async Task ASectionWhoseProviderThrowsAtStart_IsAFault()
    {
        var provider = new FailingProvider { Fails = true };
        var failing = new ConfigurationBuilder().Add(provider).Build().GetSection("OutboundTls");

        var fault =
            await Assert.ThrowsAsync<TlsPolicyException>(
                () => RotatingHost.StartAsync(configure: tls => tls.AddConfiguration(failing)));

        Assert.Equal(DiagnosticCodes.ConfigurationFailed, Assert.Single(fault.Diagnostics).Code);
    }

    private static Task<RotatingHost> StartAsync() => StartAsync(new { Upstreams = new { orders = Orders } });

    private static Task<RotatingHost> StartAsync(object section, Action<RotatingHost>? write = null)
    {
        ConfigurationManager? configuration = null;
        return RotatingHost.StartAsync(
            host =>
            {
                Write(host, section);
                host.Builder.Configuration.SetBasePath(host.Folder).AddJsonFile("settings.json", optional: false, reloadOnChange: true);
                configuration = host.Builder.Configuration;
                write?.Invoke(host);
            },
            tls =>
            {
                tls.AddConfiguration(configuration!.GetSection("OutboundTls"));

                // Of a file that is broken, the provider tells nobody.
                tls.PollInterval = TimeSpan.FromSeconds(1);
            },
            pattern: null);
    }

    private static void Write(RotatingHost host, object section) => host.Write("settings.json", JsonSerializer.Serialize(new { OutboundTls = section }));

    /// <summary>Reads its store when it is asked, which may fail.</summary>
    private sealed class FailingProvider : ConfigurationProvider, IConfigurationSource
    {
        public FailingProvider() => Data["OutboundTls:Upstreams:billing:maxversion"] = "1.2";

        private int _failsNext;

        public bool Fails { get; set; }

        /// <summary>How many of the next calls fail.</summary>
        public int FailsNext { init => _failsNext = value; }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) =>
            Fails || Interlocked.Decrement(ref _failsNext) >= 0 ? throw new InvalidOperationException("a secret")
                : base.GetChildKeys(earlierKeys, parentPath);
    }
}
