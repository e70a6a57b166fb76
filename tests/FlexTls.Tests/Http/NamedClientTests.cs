using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Xunit;

namespace FlexTls.Http;

/// <summary>A named client talks to its upstream as its policy says.</summary>
public class NamedClientTests
{
    [Fact]
    public async Task ANamedClient_ShowsItsServerWhatThePolicySays()
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer) { ClientCertificates = ClientCertificateMode.RequireCertificate }, Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls());

        Assert.Equal("HTTP/2", await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token()));

        var seen = Assert.Single(upstream.Requests);
        Assert.Equal(Pki.Client.Subject, seen.ClientCertificate);
        Assert.Equal(["h2", "http/1.1"], seen.Hello!.Alpn);
        Assert.Equal("localhost", seen.Hello.ServerName);
    }
}
