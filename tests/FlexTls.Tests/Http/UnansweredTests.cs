using System.Net;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static FlexTls.Http.ClosingServer;

namespace FlexTls.Http;

/// <summary>
/// A server that closes a connection without an answer may refuse the client certificate, or may just be going away:
/// then the platform's pool sends the request again, and a policy must not prevent it.
/// </summary>
public sealed class UnansweredTests : IAsyncDisposable
{
    private readonly ClosingServer _server = new();

    private Uri Address => _server.Address;

    [Fact]
    public async Task ARequestThatAnotherConnectionAnswers_IsNotLost()
    {
        AnswerIf(connection => connection % 2 == 0);
        await using var clients = Clients();

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("ok", await clients["orders"].GetStringAsync(Address, Deadline.Token()));
        }

        Assert.Equal(10, _server.Connections);
        Assert.False(Status(clients).IsFailing);
        Assert.Equal(("FTLS6001", 5), (Status(clients).Failures[0].Code, Status(clients).Failures[0].Count));
    }

    [Fact]
    public async Task ARequestThatNoConnectionAnswers_FailsWithTheReason()
    {
        AnswerIf(_ => false);
        await using var clients = Clients();

        // The platform's pool tries four connections.
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal("FTLS6001", await FailAsync(() => clients["orders"].GetAsync(Address, Deadline.Token())));
            Assert.Equal(4 * i, _server.Connections);
            Assert.True(Status(clients).IsFailing);
        }
    }

    [Fact]
    public async Task AWaveOfRequests_WhoseConnectionsAreAllClosed_IsNotLost()
    {
        const int Wave = 12;
        AnswerIf(connection => connection > Wave);
        await using var clients = Clients();
        var client = clients["orders"];

        var answers = await Task.WhenAll(
            Enumerable.Range(0, Wave).Select(_ => client.GetStringAsync(Address, Deadline.Token())));

        Assert.All(answers, answer => Assert.Equal("ok", answer));
    }

    /// <summary>As resilience handlers do: each time the pool has all its tries.</summary>
    [Fact]
    public async Task AMessageThatIsSentAgain_HasAllTriesAgain()
    {
        AnswerIf(connection => connection == 7);
        await using var clients = Clients();
        using var invoker = Invoker(clients);
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);

        Assert.Equal("FTLS6001", await FailAsync(() => invoker.SendAsync(request, Deadline.Token())));
        using var answer = await invoker.SendAsync(request, Deadline.Token());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(7, _server.Connections);
    }

    /// <summary>The first of its four tries is the kept connection.</summary>
    [Fact]
    public async Task AMessageThatIsSentAgain_AfterAKeptConnectionWasClosed_HasAllTriesAgain()
    {
        _server.Replies = request => Task.FromResult(
            request is { Connection: 1, Number: 1 } or { Connection: 6 } ? Reply.Answer : Reply.Close);
        await using var clients = Clients();
        using var invoker = Invoker(clients);
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        Assert.Equal("ok", await clients["orders"].GetStringAsync(Address, Deadline.Token()));

        await Assert.ThrowsAsync<HttpRequestException>(() => invoker.SendAsync(request, Deadline.Token()));
        Assert.Equal(4, _server.Connections);
        using var answer = await invoker.SendAsync(request, Deadline.Token());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(6, _server.Connections);
    }

    /// <summary>The pool gives a connection to whoever needs one, not to the request that it was made for.</summary>
    [Fact]
    public async Task ARequestOnAConnectionThatWasMadeForAnother_IsSentAgain()
    {
        var (isWaiting, mayConnect) = (new TaskCompletionSource(), new TaskCompletionSource());
        var (isBusy, mayAnswer) = (new TaskCompletionSource(), new TaskCompletionSource());
        _server.Replies = async request =>
        {
            if (request.Path == "/slow")
            {
                isBusy.SetResult();
                await mayAnswer.Task;
            }

            return request.Connection is > 1 and < 6 ? Reply.Close : Reply.Answer;
        };
        var connects = 0;
        await using var clients = Clients(client => client.UseSocketsHttpHandler((handler, _) =>
            handler.ConnectCallback = async (connection, cancellationToken) =>
            {
                if (Interlocked.Increment(ref connects) == 5)
                {
                    isWaiting.SetResult();
                    await mayConnect.Task;
                }

                return await TestKit.Loopback.ConnectAsync(connection.DnsEndPoint.Port, cancellationToken);
            }));

        // Three connections of a request are closed. While it waits for the fourth, the first one becomes free.
        var slow = GetAsync("slow");
        await isBusy.Task;
        var other = GetAsync("");
        await isWaiting.Task;
        mayAnswer.SetResult();
        Assert.Equal(["ok", "ok"], await Task.WhenAll(slow, other));

        // Its fourth is used by another request.
        (isBusy, mayAnswer) = (new TaskCompletionSource(), new TaskCompletionSource());
        slow = GetAsync("slow");
        await isBusy.Task;
        var uninvolved = GetAsync("");
        mayConnect.SetResult();

        Assert.Equal("ok", await uninvolved);
        mayAnswer.SetResult();
        Assert.Equal("ok", await slow);

        Task<string> GetAsync(string path) =>
            clients["orders"].GetStringAsync(new Uri(Address, path), Deadline.Token());
    }

    [Fact]
    public async Task ARequestThatIsSentOnce_FailsWithTheReason()
    {
        AnswerIf(_ => false);
        await using var clients = Clients();

        Assert.Equal("FTLS6001", await FailAsync(
            () => clients["orders"].PostAsync(Address, new StringContent("x"), Deadline.Token())));
        Assert.Equal(1, _server.Connections);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static HttpMessageInvoker Invoker(ClientHost clients) => new(
        clients.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders"),
        disposeHandler: false);

    private static async Task<string> FailAsync(Func<Task> send)
    {
        var failed = await Assert.ThrowsAsync<HttpRequestException>(send);
        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        return Assert.IsType<TlsHandshakeException>(failed.InnerException).Code;
    }

    private static ClientHost Clients(Action<IHttpClientBuilder>? configure = null)
    {
        var options = Pki.MutualTls();
        options.Alpn = ["http/1.1"];
        return ClientHost.Under(options, configure);
    }

    private static UpstreamTlsStatus Status(ClientHost clients) =>
        clients.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single();

    private void AnswerIf(Func<int, bool> answers) => _server.Replies = request => Task.FromResult(
        answers(request.Connection) ? Reply.AnswerAndClose : Reply.Close);
}
