using System.Diagnostics.Metrics;
using System.Net.Security;
using FlexTls.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Handshakes;

public class TlsContextFactoryTests
{
    [Fact]
    public void Create_WarnsOfCertificatesOutOfDate_ByItsOwnClock()
    {
        var policy = OutboundTlsPolicy.Create(Pki.MutualTls());
        Assert.Empty(policy.Diagnostics);
        Assert.Empty(new TlsContextFactory().Create(policy).Diagnostics);

        var later = new TlsContextFactory(new FakeTimeProvider(DateTimeOffset.UtcNow.AddYears(2))).Create(policy, "orders");
        var earlier = new TlsContextFactory(new FakeTimeProvider(DateTimeOffset.UtcNow.AddYears(-2))).Create(policy);

        Assert.Equal(["W:FTLS4005", "W:FTLS4004"], later.Diagnostics.Codes());
        Assert.All(later.Diagnostics, diagnostic => Assert.Contains("expired", diagnostic.Message, StringComparison.Ordinal));
        Assert.Equal(["W:FTLS4005", "W:FTLS4004"], earlier.Diagnostics.Codes());
        Assert.All(earlier.Diagnostics, diagnostic => Assert.Contains("not valid before", diagnostic.Message, StringComparison.Ordinal));
        Assert.Empty(later.Effective.Limitations);
    }

    [Fact]
    public void TheClock_DecidesAboutTheServersCertificateToo()
    {
        var context = Pki.Context(Pki.Trusting(), clock: new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(60)));

        var result = context.ValidateServerCertificate(Pki.EcServer, [], Pki.Host);

        Assert.Equal("FTLS5004", Assert.Single(result.Failures).Code);
    }

    [Fact]
    public void ASuiteThatThePlatformLacks_IsAWarningAndALimitation()
    {
        var policy = OutboundTlsPolicy.Create(new OutboundTlsOptions
        {
            MinVersion = TlsVersion.Tls11,
            Ciphers = Typed.Suites("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"),
        });
        var platform = Platform(without: TlsCipherSuite.TLS_RSA_WITH_3DES_EDE_CBC_SHA);

        var context = new TlsContextFactory(null, null, platform).Create(policy);

        Assert.Equal(["W:FTLS4001", "W:FTLS4003"], context.Diagnostics.Codes());
        Assert.Equal(context.Diagnostics, context.Effective.Limitations);
        Assert.DoesNotContain(TlsCipherSuite.TLS_RSA_WITH_3DES_EDE_CBC_SHA, context.Effective.CipherSuites);
        Assert.Contains("FTLS4003", context.Effective.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void APlatformThatLacksTheLastSuite_IsAnError()
    {
        var policy = OutboundTlsPolicy.Create(new OutboundTlsOptions { MaxVersion = TlsVersion.Tls12, Ciphers = Typed.Suites("TLS_RSA_WITH_AES_128_GCM_SHA256") });
        var factory = new TlsContextFactory(null, null, Platform(without: TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256));

        var refused = Assert.Throws<TlsPolicyException>(() => factory.Create(policy));

        Assert.Equal(["W:FTLS4001", "E:FTLS4002"], refused.Diagnostics.Codes());
    }

    [Fact]
    public void APlatformThatLacksAVersion_NarrowsTheRange_AndSaysSo()
    {
        var withoutTls13 = new PlatformCapabilities(true, new()
        {
            [TlsVersion.Tls12] = CipherSuiteCatalog.Tls12Defaults.Select(suite => suite.Suite).ToHashSet(),
        });

        var context = new TlsContextFactory(null, null, withoutTls13).Create(OutboundTlsPolicy.Default);

        Assert.Equal(TlsVersion.Tls12, context.Effective.MaxVersion);
        Assert.Equal(CipherSuiteCatalog.Tls12Defaults.Select(suite => suite.Suite), context.Effective.CipherSuites);
        Assert.Contains("only TLS 1.2", context.Effective.Limitations[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_LogsWarningsAndWeakeningsOnce_AndCountsThem()
    {
        var counted = 0L;
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => l.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "flextls.weakenings" && tags.ToArray().Contains(new("flextls.upstream", "weakened")))
            {
                Interlocked.Add(ref counted, value);
            }
        });
        listener.Start();
        using var logger = new RecordingLogger();
        var options = Pki.MutualTls();
        options.DangerousSkipValidation = true;

        var context = new TlsContextFactory(loggerFactory: logger).Create(OutboundTlsPolicy.Create(options), "weakened");

        Assert.Contains("DANGEROUS", Assert.Single(logger.Warnings), StringComparison.Ordinal);
        Assert.Contains("weakened", logger.Warnings.Single(), StringComparison.Ordinal);
        Assert.Equal(1, counted);
        Assert.Contains("NOT VALIDATED", context.Effective.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Effective_TellsTrustAndIdentity()
    {
        var context = Pki.Context(Pki.MutualTls());

        Assert.True(context.Effective.ValidatesServerCertificate);
        Assert.Equal(["CN=FlexTls Test Root"], context.Effective.TrustedCAs.Select(ca => ca.Subject));
        Assert.Equal(context.Policy.TrustedCAs, context.Effective.TrustedCAs);
        Assert.Equal("CN=client", context.Effective.ClientCertificate?.Subject);
        Assert.Equal(Pki.Client.NotAfter.ToUniversalTime(), context.Effective.ClientCertificate?.NotAfter.UtcDateTime);
        var plain = new TlsContextFactory().Create(OutboundTlsPolicy.Default);
        Assert.Empty(plain.Effective.TrustedCAs);
        Assert.Null(plain.Effective.ClientCertificate);
    }

    [Fact]
    public void WhatThisMachineOffers_IsFoundByLooking()
    {
        // Known to the library and never offered: suites that need a key which nobody has.
        Assert.All(
            CipherSuiteCatalog.All.Where(suite => suite.NeedsPreSharedKey),
            suite => Assert.False(PlatformCapabilities.Current.Offers(suite, new TlsVersionRange(TlsVersion.Tls11, TlsVersion.Tls12))));
        Assert.All(
            CipherSuiteCatalog.All.Where(suite => suite.IsDefault),
            suite => Assert.True(PlatformCapabilities.Current.Offers(suite, suite.Versions)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void AnEmptyHost_IsAnArgumentError(string host)
    {
        var context = Pki.Context(Pki.Trusting());

        Assert.ThrowsAny<ArgumentException>(() => context.CreateClientOptions(host));
        Assert.ThrowsAny<ArgumentException>(() => context.ValidateServerCertificate(Pki.EcServer, [], host));
    }

    [Fact]
    public void Ended_NothingWorks()
    {
        var context = Pki.Context(Pki.MutualTls());
        context.End();
        context.End();

        Assert.Throws<ObjectDisposedException>(() => context.CreateClientOptions(Pki.Host));
        Assert.Throws<ObjectDisposedException>(() => context.ValidateServerCertificate(Pki.EcServer, [], Pki.Host));
    }

    private static PlatformCapabilities Platform(TlsCipherSuite without) => new(true, Enum.GetValues<TlsVersion>().ToDictionary(
        version => version,
        version => (IReadOnlySet<TlsCipherSuite>)CipherSuiteCatalog.All.Where(suite => suite.Versions.Contains(version) && suite.Suite != without)
            .Select(suite => suite.Suite).ToHashSet()));
}
