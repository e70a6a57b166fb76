using System.Net;
using System.Security.Authentication;
using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>Which authority is the upstream is said by the caller's request alone: where a redirect leads elsewhere, no client certificate is presented, and the server is validated whatever the policy says.</summary>
public class RedirectTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task ARedirectToAnotherPort_ShowsNoClientCertificateThere_AndTheUpstreamStillGetsIt(SslProtocols versions)
    {
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking() with { Versions = versions }, Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address) with { Versions = versions }, Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls());

        await clients["orders"].GetStringAsync(front.Address, Deadline.Token());
        await clients["orders"].GetStringAsync(front.Address, Deadline.Token());
        await clients["orders"].GetStringAsync(target.Address, Deadline.Token());

        Assert.Equal(2, front.Requests.Count);
        Assert.All(front.Requests, request => Assert.Equal(Pki.Client.Subject, request.ClientCertificate));
        Assert.Equal([null, null, Pki.Client.Subject], target.Requests.Select(request => request.ClientCertificate));
        Assert.Equal(2, target.Connections);
        Assert.Single(clients.Log.Warnings, line => line.Contains($"was redirected to another authority, 'localhost', port {target.Port}:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("127.0.0.1", "localhost")]
    public async Task ARedirectToAnotherNameOfTheSameServer_ShowsNoClientCertificateThere(string named, string other)
    {
        HttpUpstream? server = null;
        await using var front = server = await HttpUpstream.StartAsync(
            Loopbacks.Redirecting(() => new Uri(server!.Address.Under(other), "/done")), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls());

        await clients["orders"].GetStringAsync(front.Address.Under(named), Deadline.Token());

        Assert.Equal([(named, Pki.Client.Subject), (other, null)], front.Requests.Select(request => (request.Host.Split(':')[0], request.ClientCertificate)));
    }

    [Fact]
    public async Task ARedirectThereAndBack_ShowsTheCertificateToTheUpstreamAlone()
    {
        HttpUpstream? upstream = null;
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => new Uri(upstream!.Address, "/done")), Deadline.Token());
        await using var front = upstream = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls());

        Assert.Equal("done", await clients["orders"].GetStringAsync(front.Address, Deadline.Token()));

        Assert.Equal(["/", "/done"], front.Requests.Select(request => request.Path));
        Assert.All(front.Requests, request => Assert.Equal(Pki.Client.Subject, request.ClientCertificate));
        Assert.Null(Assert.Single(target.Requests).ClientCertificate);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheMessageOfAHop_SentAgain_DoesNotMakeTheRedirectTargetTheUpstream(bool byAnotherClient)
    {
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(
            Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls());
        await using var others = ClientHost.Under(Pki.MutualTls(), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { AllowAutoRedirect = false }));
        using var response = await clients["orders"].GetAsync(front.Address, Deadline.Token());
        var again = (byAnotherClient ? others : clients)["orders"];

        using var answer = await again.SendAsync(response.RequestMessage!, Deadline.Token());

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal([null, null], target.Requests.Select(request => request.ClientCertificate));
    }

    [Fact]
    public async Task ARedirectFromPlainHttp_ToAnotherAuthority_ShowsNoClientCertificateThere()
    {
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(
            Loopbacks.Redirecting(() => target.Address) with { IsPlain = true, Protocols = HttpProtocols.Http1 }, Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls(), client => client.DangerousAllowPlainHttp());

        await clients["orders"].GetStringAsync(front.Address, Deadline.Token());

        Assert.Null(Assert.Single(target.Requests).ClientCertificate);
    }

    [Fact]
    public async Task ARedirectFromPlainHttp_IsSentAsThePolicyOfItsTargetSays()
    {
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var plain = await HttpUpstream.StartAsync(
            Loopbacks.Redirecting(() => target.Address) with { IsPlain = true, Protocols = HttpProtocols.Http1 }, Deadline.Token());
        var options = Pki.MutualTls();
        options.Alpn = ["h2"];
        await using var clients = ClientHost.Under(options, client => client.DangerousAllowPlainHttp());

        await clients["orders"].GetStringAsync(plain.Address, Deadline.Token());

        var seen = Assert.Single(target.Requests);
        Assert.Equal(("HTTP/2", null), (seen.Protocol, seen.ClientCertificate));
    }

    [Fact]
    public async Task ARequestThatIsSentAgain_GoesToTheUpstreamAgain_AndIsRedirectedAgain()
    {
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking() with
        {
            Protocols = HttpProtocols.Http1,
            Respond = context =>
            {
                (context.Response.StatusCode, context.Response.Headers.Connection) = (503, "close");
                return Task.CompletedTask;
            },
        }, Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls(), client => client.AddHttpMessageHandler(() => new SendAgainHandler()));

        using var response = await clients["orders"].GetAsync(front.Address, Deadline.Token());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(2, front.Requests.Count);
        Assert.All(front.Requests, request => Assert.Equal(Pki.Client.Subject, request.ClientCertificate));
        Assert.Equal(2, target.Hellos.Count);
        Assert.Equal(2, target.Requests.Count);
        Assert.All(target.Requests, request => Assert.Null(request.ClientCertificate));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhereValidationIsSkipped_TheTargetOfARedirectIsStillValidated(bool sendsAgain)
    {
        await using var foreign = await HttpUpstream.StartAsync(Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => foreign.Address, Loopbacks.ForeignCertificate), Deadline.Token());
        var options = Pki.Trusting();
        options.DangerousSkipValidation = true;
        await using var clients = ClientHost.Under(options, client =>
        {
            if (sendsAgain)
            {
                client.AddHttpMessageHandler(() => new SendAgainHandler());
            }
        });

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetStringAsync(front.Address, Deadline.Token()));

        Assert.Equal("FTLS5003", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Equal(sendsAgain ? 2 : 1, front.Requests.Count);
        Assert.Empty(foreign.Requests);
        Assert.Single(clients.Log.Warnings, line => line.Contains("was redirected to another authority", StringComparison.Ordinal));
        Assert.Equal("done", await clients["orders"].GetStringAsync(new Uri(front.Address, "/done"), Deadline.Token()));
    }

    [Fact]
    public async Task WhereValidationIsSkipped_ATrustedTargetOfARedirectIsMet()
    {
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address, Loopbacks.ForeignCertificate), Deadline.Token());
        var options = Pki.Trusting();
        options.DangerousSkipValidation = true;
        await using var clients = ClientHost.Under(options);

        await clients["orders"].GetStringAsync(front.Address, Deadline.Token());

        Assert.Single(target.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheTargetOfARedirect_ProvesItsOwnNameAndNotTheServerNameOfThePolicy(bool hasClientCertificate)
    {
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Root.IssueServer("localhost")), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address, Pki.Root.IssueServer(Pki.Host)), Deadline.Token());
        var options = hasClientCertificate ? Pki.MutualTls() : Pki.Trusting();
        options.Extensions = new OutboundTlsExtensionOptions { ServerName = Pki.Host };
        await using var clients = ClientHost.Under(options);

        await clients["orders"].GetStringAsync(front.Address, Deadline.Token());

        Assert.Equal([Pki.Host], front.ServerNames);
        Assert.Equal(["localhost"], target.ServerNames);
        Assert.Null(Assert.Single(target.Requests).ClientCertificate);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task ATargetThatRequiresACertificate_FailsWithTheReasonThatNoneIsPresentedAfterARedirect(SslProtocols versions)
    {
        await using var target = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { Versions = versions, ClientCertificates = ClientCertificateMode.RequireCertificate }, Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls());

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetStringAsync(front.Address, Deadline.Token()));

        Assert.Contains("none is presented after a redirect to another authority", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Pki.Client.Subject, failed.Message, StringComparison.Ordinal);
    }
}
