using FlexTls.Support;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>
/// A layer of the configuration that loses everything, as a file does that cannot be parsed any more: the platform says
/// nothing, and the layers below show through.
/// </summary>
public class ConfigurationLayerTests
{
    private const string Minimum = "OutboundTls:Upstreams:billing:minversion";
    private const string File = "OutboundTls:PolicyFiles:0";

    [Fact]
    public async Task ALayerThatIsEmptied_LeavesInForceWhatWas_UntilItIsBack()
    {
        var (below, above) = (new Layer { [Minimum] = "1.2" }, new Layer { [Minimum] = "1.3" });
        await using var host = await StartAsync(below, above);
        Assert.Equal(TlsVersion.Tls13, MinimumOfBilling(host));

        above.Replace();
        await host.UntilDegradedAsync(DiagnosticCodes.ConfigurationFailed, "billing");
        Assert.Contains(
            "has lost its entries from 'the layer'", host.StatusOf("billing").Degradation!.Diagnostics[0].Message,
            StringComparison.Ordinal);
        Assert.NotEmpty(await host.Manager.ReloadAsync(Deadline.Token()));
        Assert.Equal(TlsVersion.Tls13, MinimumOfBilling(host));

        above.Replace((Minimum, "1.3"));
        await host.UntilGenerationAsync(1, "billing");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Outer:")]
    public async Task ALayerOfAWholeConfiguration_IsNoticedToo(string chained)
    {
        const string Key = "Upstreams:billing:minversion";
        var (below, above) = (new Layer { [chained + Key] = "1.2" }, new Layer { [chained + Key] = "1.3" });
        IConfiguration configuration = new ConfigurationBuilder().Add(below).Add(above).Build();
        if (chained.Length > 0)
        {
            configuration = new ConfigurationBuilder().AddConfiguration(configuration.GetSection("Outer")).Build();
        }

        await using var host = await RotatingHost.StartAsync(configure: tls => tls.AddConfiguration(configuration));
        above.Replace();

        await host.UntilDegradedAsync(DiagnosticCodes.ConfigurationFailed, "billing");
        Assert.Equal(TlsVersion.Tls13, MinimumOfBilling(host));
    }

    [Fact]
    public async Task ALayerThatOnlyLosesItsPartOfTheSection_IsAChangeLikeAnyOther()
    {
        var (below, above) = (new Layer { [Minimum] = "1.3" }, new Layer { [Minimum] = "1.2", ["other"] = "1" });
        await using var host = await StartAsync(below, above);

        above.Replace(("other", "1"));

        await host.UntilGenerationAsync(2, "billing");
        Assert.Equal(TlsVersion.Tls13, MinimumOfBilling(host));
    }

    [Fact]
    public async Task TheFilesThatASectionNamed_CountUntilTheSectionHasSettled()
    {
        var (below, above) = (new Layer { [Minimum] = "1.2" }, new Layer { [File] = "named/*.yaml" });
        await using var host = await StartAsync(below, above, host =>
        {
            host.WriteIdentityOf("pay", "pay");
            host.Write("named/pay.yaml", RotatingHost.BindingOf("pay"));
        });
        host.Write("policies/conflict.yaml", RotatingHost.BindingOf("pay", "minversion: 1.3\n"));
        await host.UntilDegradedAsync(DiagnosticCodes.DuplicateBinding, "pay");

        // Nobody tells of it, and another change comes first.
        above.Empty();
        host.WritePolicy("orders", "minversion: 1.3\n");
        await host.UntilGenerationAsync(2);
        Assert.Equal((1, TlsVersion.Tls12), (host.StatusOf("pay").Generation, MinimumOf(host, "pay")));

        above.Replace();
        await host.UntilAsync(() => host.Errors.Any(error => error.Contains("has lost", StringComparison.Ordinal)));
        Assert.Equal((1, TlsVersion.Tls12), (host.StatusOf("pay").Generation, MinimumOf(host, "pay")));
    }

    private static TlsVersion MinimumOfBilling(RotatingHost host) => MinimumOf(host, "billing");

    private static TlsVersion MinimumOf(RotatingHost host, string upstream) =>
        host.Contexts.GetContext(upstream).Effective.MinVersion;

    private static Task<RotatingHost> StartAsync(Layer below, Layer above, Action<RotatingHost>? write = null)
    {
        var configuration = new ConfigurationBuilder().Add(below).Add(above).Build();
        return RotatingHost.StartAsync(write, tls => tls.AddConfiguration(configuration.GetSection("OutboundTls")));
    }

    private sealed class Layer : ConfigurationProvider, IConfigurationSource
    {
        public string this[string key]
        {
            init => Data[key] = value;
        }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        /// <summary>Loses everything, and tells nobody.</summary>
        public void Empty() => Data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

        public void Replace(params (string Key, string Value)[] entries)
        {
            Data = entries.ToDictionary(
                entry => entry.Key, entry => (string?)entry.Value, StringComparer.OrdinalIgnoreCase);
            OnReload();
        }

        public override string ToString() => "the layer";
    }
}
