using System.Net;
using System.Runtime.CompilerServices;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>Nothing is held on to that its users, or time, have let go.</summary>
public class LetGoTests
{
    private readonly Gate _gate = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnAnswerThatNobodyDisposesOf_LosesItsConnection_AndIsNotCounted(bool isThroughAProxy)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with
        {
            Respond = async context =>
            {
                await context.Response.WriteAsync(new string('x', 100_000), context.RequestAborted);
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            },
        }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, "http/1.1"), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { UseProxy = isThroughAProxy, Proxy = new WebProxy(proxy.Address) }));
        await AbandonAsync(rotation.Client, server.Address);

        var end = server.EndOfAllAsync(Deadline.Token());
        await Deadline.UntilAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return end.IsCompleted && rotation.Counts == (0, 0);
        });

        await end;
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    [InlineData("h2,http/1.1")]
    public async Task AHandshakeThatHangs_BeginsAgainUnderTheNextGeneration_AndOutlivesTheDeadline(string alpn)
    {
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { BeforeTls = () => _gate.PassAsync() }, Deadline.Token());
        var greetings = new Gate();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn), client => client
            .ConfigureHttpClient(client => client.DefaultRequestVersion = HttpVersion.Version20)
            .ConfigurePrimaryHttpMessageHandler(() => GreetingStream.Handler(greetings)));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await greetings.ArrivalAsync();
        rotation.Swap(Identities.Policy(2, alpn));
        await greetings.ArrivalAsync();

        rotation.PassDeadline();
        _gate.Open();

        await answer;
        Assert.Equal(Identities.Subject(2), Assert.Single(server.Requests).ClientCertificate);
        Assert.Equal(0, rotation.Counts.Draining);
    }

    [Fact]
    public async Task ALogThatThrows_NeitherLeavesTheTimer_NorKeepsTheGeneration()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with { Respond = context => _gate.PassAsync().WaitAsync(context.RequestAborted) }, Deadline.Token());
        await using var rotation = RotatingUpstream.Of(services =>
        {
            services.AddSingleton<ILoggerFactory>(new ThrowingLogger());
            services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Identities.Policy(1)));
        });
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        rotation.Swap(Identities.Policy(2));

        rotation.PassDeadline();

        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.Equal((0, 0), rotation.Counts);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task AbandonAsync(HttpClient client, Uri address)
    {
        for (var i = 0; i < 5; i++)
        {
            await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, Deadline.Token());
        }
    }

    /// <summary>Fails where the end of a drain is told.</summary>
    private sealed class ThrowingLogger : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 23)
            {
                throw new InvalidOperationException("no log");
            }
        }
    }
}
