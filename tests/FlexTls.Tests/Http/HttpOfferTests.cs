using System.Net;
using System.Net.Security;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Http;

/// <summary>What is remembered of servers that chose HTTP/1.1, and what becomes of the others when that is too much.</summary>
public class HttpOfferTests
{
    private static readonly HttpHandshakes Http = new(Pki.Context(Pki.Trusting()).Generation);

    [Fact]
    public void AServerThatChoseHttp11_IsOfferedNothingElse()
    {
        var offer = new HttpOffer();

        Learn(offer, "old.example");

        Assert.Equal([SslApplicationProtocol.Http11], Offered(offer, "old.example"));
    }

    [Fact]
    public void HoweverManyServersChoseHttp11_ANewOneIsOfferedBoth()
    {
        var offer = new HttpOffer();

        for (var i = 0; i < 20_000; i++)
        {
            Learn(offer, $"host-{i}.example");
        }

        Assert.Equal([SslApplicationProtocol.Http2, SslApplicationProtocol.Http11], Offered(offer, "new.example"));
        Assert.Equal([SslApplicationProtocol.Http11], Offered(offer, "host-0.example"));
    }

    private static IReadOnlyList<SslApplicationProtocol> Offered(HttpOffer offer, string host) =>
        offer.For(Http.Protocols, new DnsEndPoint(host, 443), HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower);

    private static void Learn(HttpOffer offer, string host) => offer.Learn(
        new DnsEndPoint(host, 443), HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower,
        SslApplicationProtocol.Http11);
}
