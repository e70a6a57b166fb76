using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>What a configuration asks for beyond a Flex Gateway's policy holds for the requests of a client.</summary>
public class ExtensionTests
{
    private const string SpiffeId = "spiffe://example.org/orders";
    private static readonly X509Certificate2 Workload = Pki.Root.Issue("CN=workload", new() { Extensions = [CertificateNameEncoding.AlternativeNames(CertificateNameEncoding.Uri(SpiffeId))] });

    [Fact]
    public async Task AnExpectedName_TakesThePlaceOfTheHost()
    {
        await AssertAnswered(new { trustedCA = Pki.Root.Pem, extensions = new { subjectAltNames = new[] { new { type = "URI", value = SpiffeId } } } }, Workload);
        await AssertRefused("FTLS5026", new { trustedCA = Pki.Root.Pem, extensions = new { subjectAltNames = new[] { new { type = "URI", value = SpiffeId + "/x" } } } }, Workload);
        await AssertRefused("FTLS5026", new { trustedCA = Pki.Root.Pem, extensions = new { subjectAltNames = new[] { new { type = "DNS", value = "billing.example" } } } }, Loopbacks.Certificate);
    }

    [Fact]
    public async Task TheSystemsCAs_StandBesideThePolicysOwn()
    {
        await AssertAnswered(new { trustedCA = Pki.Root.Pem, extensions = new { trustSystemCA = true } }, Loopbacks.Certificate);
        await AssertRefused("FTLS5003", new { trustedCA = Pki.Root.Pem, extensions = new { trustSystemCA = true } }, Loopbacks.ForeignCertificate);
    }

    [Fact]
    public async Task APinnedKey_IsAskedForBesideAllElse()
    {
        await AssertAnswered(Pinning(Loopbacks.Certificate), Loopbacks.Certificate);
        await AssertAnswered(Pinning(Pki.Root.Certificate), Loopbacks.Certificate);
        await AssertRefused("FTLS5017", Pinning(Pki.Foreign.Certificate), Loopbacks.Certificate);
        await AssertRefused("FTLS5003", Pinning(Loopbacks.ForeignCertificate), Loopbacks.ForeignCertificate);
    }

    private static object Pinning(X509Certificate2 certificate) => new
    {
        trustedCA = Pki.Root.Pem,
        extensions = new { pins = new { spkiSha256 = new[] { Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())) } } },
    };

    private static async Task AssertAnswered(object config, X509Certificate2 certificate)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(certificate), Deadline.Token());
        await using var clients = Clients(config);

        using var answer = await clients["orders"].GetAsync(upstream.Address, Deadline.Token());

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Single(upstream.Requests);
    }

    private static async Task AssertRefused(string code, object config, X509Certificate2 certificate)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(certificate), Deadline.Token());
        await using var clients = Clients(config);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetAsync(upstream.Address, Deadline.Token()));

        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        Assert.Equal(code, Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Empty(upstream.Requests);
    }

    private static ClientHost Clients(object config) => ClientHost.Create(services =>
    {
        services.AddOutboundTls(Registered.Orders(config));
        services.AddHttpClient("orders").AddOutboundTls();
    });
}
