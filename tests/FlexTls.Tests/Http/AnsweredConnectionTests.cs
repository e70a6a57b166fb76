using System.Net;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static FlexTls.Http.ClosingServer;

namespace FlexTls.Http;

/// <summary>What becomes of another connection is no reason for the end of one that has answered.</summary>
public sealed class AnsweredConnectionTests : IAsyncDisposable
{
    private readonly ClosingServer _server = new();

    private Uri Address => _server.Address;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AConnectionThatHasAnswered_IsNotTakenForOneThatNeverDid(bool isSynchronous)
    {
        var (isBusy, mayAnswer) = (new TaskCompletionSource(), new TaskCompletionSource());
        _server.Replies = async request =>
        {
            if (request.Path == "/slow")
            {
                isBusy.SetResult();
                await mayAnswer.Task;
            }

            return request.Connection == 1 && request.Path != "/last" ? Reply.Answer : Reply.Close;
        };
        await using var clients = Clients();
        var client = clients["orders"];
        Assert.Equal("ok", await client.GetStringAsync(Address, Deadline.Token()));
        var slow = client.GetStringAsync(new Uri(Address, "slow"), Deadline.Token());
        await isBusy.Task;
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(client, "", isSynchronous));
        mayAnswer.SetResult();
        Assert.Equal("ok", await slow);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(client, "last", isSynchronous));

        Assert.Equal(2, _server.Connections);
        Assert.Equal(HttpRequestError.ResponseEnded, failed.HttpRequestError);
        var status = clients.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single();
        Assert.Equal(1, Assert.Single(status.Failures).Count);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task ARequestUnderWay_OnAConnectionThatHasAnswered_IsNotToldOfAnother(
        bool isSynchronous, bool isTunneled)
    {
        await using var proxy = RecordingProxy.Start();
        var (isUnderWay, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        _server.Replies = async request =>
        {
            if (request is { Connection: 1, Path: "/last" })
            {
                isUnderWay.SetResult();
                await mayEnd.Task;
                return Reply.Close;
            }

            return request.Connection == 1 ? Reply.Answer : Reply.Close;
        };
        await using var clients = Clients(isTunneled ? proxy : null);
        var client = clients["orders"];
        Assert.Equal("ok", await client.GetStringAsync(Address, Deadline.Token()));
        var last = PostAsync(client, "last", isSynchronous);
        await isUnderWay.Task;
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(client, "", isSynchronous));

        mayEnd.SetResult();

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => last);
        Assert.Equal(HttpRequestError.ResponseEnded, failed.HttpRequestError);
        Assert.Equal(isTunneled ? 2 : 0, proxy.Connections);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static ClientHost Clients(RecordingProxy? proxy = null)
    {
        var options = Pki.MutualTls();
        options.Alpn = ["http/1.1"];
        return ClientHost.Under(options, client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { Proxy = proxy is null ? null : new WebProxy(proxy.Address) }));
    }

    private async Task PostAsync(HttpClient client, string path, bool isSynchronous)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, path))
        {
            Content = new StringContent("x"),
        };
        using var answer = isSynchronous
            ? await Task.Run(() => client.Send(request, Deadline.Token()))
            : await client.SendAsync(request, Deadline.Token());
    }
}
