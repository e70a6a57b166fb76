using System.Net;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>
/// The platform's handler sends some requests again by itself, as after a 401. It does so too when the answer comes
/// long after the policy was replaced, and the handler is closed.
/// </summary>
public class SentAgainTests
{
    private readonly Gate _gate = new();

    [Theory]
    [InlineData("http/1.1", false, true)]
    [InlineData("http/1.1", true, true)]
    [InlineData("h2", false, true)]
    [InlineData("h2", true, true)]
    [InlineData("h2", false, false)]
    [InlineData("h2", true, false)]
    [InlineData("h2,http/1.1", false, true)]
    [InlineData("h2,http/1.1", true, true)]
    public async Task ARequestThatIsAnsweredWith401AfterTheReplacement_GetsThrough(
        string alpn, bool throughProxy, bool followsRedirects)
    {
        await SendAsync(alpn, HttpProtocols.Http1AndHttp2, throughProxy, followsRedirects);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WithoutTls_OverHttp2_ItIsTheSame(bool followsRedirects)
    {
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { Respond = RespondAsync, Protocols = HttpProtocols.Http2, IsPlain = true },
            Deadline.Token());
        await using var rotation = RotatingUpstream.Under(PlainHttp(1), client =>
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                Credentials = new NetworkCredential("joe", "secret"),
                AllowAutoRedirect = followsRedirects,
            }));
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address)
        {
            Content = new StringContent("order"),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var answer = rotation.Client.SendAsync(request, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(PlainHttp(2));
        rotation.PassGrace();
        rotation.PassGrace();
        _gate.Open();

        using var response = await answer;
        Assert.Equal("order", await response.Content.ReadAsStringAsync(Deadline.Token()));

        static OutboundTlsOptions PlainHttp(int number)
        {
            var policy = Identities.Policy(number);
            policy.Extensions = new OutboundTlsExtensionOptions { DangerousAllowPlainHttp = true };
            return policy;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task WhereTheServerHasHttp2Alone_ItIsTheSame(bool throughProxy) =>
        SendAsync("h2,http/1.1", HttpProtocols.Http2, throughProxy, followsRedirects: true);

    private async Task SendAsync(string alpn, HttpProtocols spoken, bool throughProxy, bool followsRedirects)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { Respond = RespondAsync, Protocols = spoken }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn), client =>
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                Proxy = throughProxy ? new WebProxy(proxy.Address) : null,
                Credentials = new NetworkCredential("joe", "secret"),
                AllowAutoRedirect = followsRedirects,
            }));
        using var content = new StringContent("order");
        var answer = rotation.Client.PostAsync(server.Address, content, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, alpn));
        rotation.PassGrace();
        rotation.PassGrace();
        _gate.Open();

        using var response = await answer;
        Assert.Equal("order", await response.Content.ReadAsStringAsync(Deadline.Token()));
    }

    [Fact]
    public async Task AMessageThatItsCallerHasChangedMeanwhile_IsNotSentAgain()
    {
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { Respond = RespondAsync }, Deadline.Token());
        await using var other = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, "h2"), client =>
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                Credentials = new NetworkCredential("joe", "secret"),
            }));
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        var answer = rotation.Client.SendAsync(request, Deadline.Token());
        await _gate.ArrivalAsync();

        request.RequestUri = other.Address;
        rotation.Swap(Identities.Policy(2, "h2"));
        rotation.PassGrace();
        rotation.PassGrace();
        _gate.Open();

        // If the pool is not closed yet, it sends it again itself, to the server that it knows.
        Assert.True(await Record.ExceptionAsync(() => answer) is null or HttpRequestException);
        Assert.Empty(other.Requests);
    }

    private async Task RespondAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.Count == 0)
        {
            await _gate.PassAsync().WaitAsync(context.RequestAborted);
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"orders\"";
            return;
        }

        using var body = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync(await body.ReadToEndAsync(context.RequestAborted), context.RequestAborted);
    }
}
