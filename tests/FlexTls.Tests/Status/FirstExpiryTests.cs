using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Status;

/// <summary>What expires first, of all that is held and of what the server presented.</summary>
public class FirstExpiryTests
{
    public static TheoryData<TlsCertificateRole, string> Roles { get; } = new()
    {
        { TlsCertificateRole.ClientCertificate, "CN=leaf" },
        { TlsCertificateRole.ClientIntermediate, "CN=between" },
        { TlsCertificateRole.TrustedCA, "CN=second" },
        { TlsCertificateRole.ServerChain, "CN=orders.example" },
    };

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task TheFirst_MayBeAnyOfThem(TlsCertificateRole role, string subject)
    {
        DateTimeOffset NotAfter(TlsCertificateRole of) => DateTimeOffset.UtcNow.AddDays(of == role ? 40 : 60);
        using var root = TestCA.Root("CN=first", notAfter: NotAfter(default).AddDays(100));
        using var second = TestCA.Root("CN=second", notAfter: NotAfter(TlsCertificateRole.TrustedCA));
        using var between = root.Intermediate("CN=between", new AuthorityOptions { NotAfter = NotAfter(TlsCertificateRole.ClientIntermediate) });
        using var leaf = root.Issue("CN=leaf", new CertificateRequestOptions { Usages = [CertificateRequestOptions.ClientAuth], NotAfter = NotAfter(TlsCertificateRole.ClientCertificate) });
        using var presented = root.Issue("CN=orders.example", new CertificateRequestOptions { DnsNames = ["localhost"], NotAfter = NotAfter(TlsCertificateRole.ServerChain) });
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(presented), Deadline.Token());
        await using var host = WatchedHost.Of(options =>
        {
            options.TrustedCA = root.Pem + "\n" + second.Pem;
            options.Certificate = new CertificateOptions { Key = leaf.KeyPem(), Crt = leaf.ChainPem(between.Certificate) };
        });

        await host.GetAsync(server);

        var expiry = Assert.Single(host.Status.Upstreams).FirstExpiry!;
        Assert.Equal((role, subject), (expiry.Role, expiry.Subject));
        Assert.Equal(40, (expiry.NotAfter - host.Clock.GetUtcNow()).TotalDays, 0.01);
        Assert.Equal(TimeSpan.Zero, expiry.NotAfter.Offset);
    }

    [Fact]
    public async Task UnderSkipValidation_NoDateMatters()
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var host = WatchedHost.Of(options =>
        {
            (options.DangerousSkipValidation, options.TrustedCA, options.Certificate) = (true, Pki.Root.Pem, Pki.MutualTls().Certificate);
        });

        await host.GetAsync(server);
        host.Pass(TimeSpan.FromDays(400));

        Assert.Null(Assert.Single(host.Status.Upstreams).FirstExpiry);
        Assert.Empty(host.Expiries);
    }

    [Fact]
    public async Task SystemTrustAlone_HasNone()
    {
        await using var host = WatchedHost.Of(_ => { });

        Assert.Null(Assert.Single(host.Status.Upstreams).FirstExpiry);
    }
}
