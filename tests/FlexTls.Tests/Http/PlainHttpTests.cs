using System.Net;
using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>Where plain requests are allowed, they fare as without a policy.</summary>
public class PlainHttpTests
{
    public static TheoryData<string, HttpProtocols> Cases
    {
        get
        {
            var cases = new TheoryData<string, HttpProtocols>();
            foreach (var version in (string[])["1.0", "1.1", "2.0", "3.0"])
            {
                foreach (var wish in (string[])["Exact", "OrLower", "OrHigher", "Upgrade"])
                {
                    cases.Add($"{version} {wish}", HttpProtocols.Http1);
                    cases.Add($"{version} {wish}", HttpProtocols.Http2);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task APlainRequestThatIsAllowed_FaresAsWithoutAPolicy(string request, HttpProtocols protocols)
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer) { Protocols = protocols, IsPlain = true }, Deadline.Token());
        await using var clients = ClientHost.Create(services =>
        {
            services.AddHttpClient("stock");
            services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Policies.With("h2"))).DangerousAllowPlainHttp();
        });

        var stock = await OutcomeAsync(clients["stock"], server.Address, request);

        Assert.Equal(stock, await OutcomeAsync(clients["orders"], server.Address, request));
        Assert.Empty(server.Hellos);
        Assert.Equal(stock.StartsWith("HTTP/", StringComparison.Ordinal) ? [stock, stock] : [], server.Requests.Select(seen => seen.Protocol));
    }

    [Theory]
    [InlineData("1.1 OrHigher")]
    [InlineData("2.0 OrHigher")]
    [InlineData("3.0 OrLower")]
    public async Task APlainRequestThatIsRedirectedToTls_CannotBeRaisedToHttp3(string wish)
    {
        var protocols = wish == "2.0 OrHigher" ? HttpProtocols.Http2 : HttpProtocols.Http1;
        await using var target = await HttpUpstream.StartAsync(Pki.EcServer, HttpProtocols.Http1AndHttp2, Deadline.Token());
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer)
            {
                Protocols = protocols,
                IsPlain = true,
                Respond = context =>
                {
                    context.Response.Redirect(target.Address.ToString());
                    return Task.CompletedTask;
                },
            },
            Deadline.Token());
        await using var clients = ClientHost.Under(Policies.With("h2,http/1.1"), client => client.DangerousAllowPlainHttp());
        using var request = Wishes.Request(server.Address, wish);

        using var response = await clients["orders"].SendAsync(request, Deadline.Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(target.Requests);
        var hop = response.RequestMessage!;
        Assert.True(hop.Version.Major < 3 && hop.VersionPolicy != HttpVersionPolicy.RequestVersionOrHigher, $"{hop.Version} {hop.VersionPolicy}");
    }

    private static async Task<string> OutcomeAsync(HttpClient client, Uri address, string wish)
    {
        try
        {
            return await client.SendAsync(address, wish, Deadline.Token());
        }
        catch (HttpRequestException e)
        {
            // HTTP/2 to a server without it fails in one of two ways, whichever comes first.
            return e.HttpRequestError == HttpRequestError.VersionNegotiationError ? e.Message : "no answer in HTTP/2";
        }
    }
}
