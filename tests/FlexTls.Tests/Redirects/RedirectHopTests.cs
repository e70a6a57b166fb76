using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Redirects;

/// <summary>What belongs to each hop of its own, and what to the caller's message, which no redirect changes.</summary>
public class RedirectHopTests
{
    private readonly ConcurrentQueue<string?> _traces = new();

    [Fact]
    public async Task TheCallersMessage_KeepsItsAddressMethodContentAndHeaders()
    {
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls());
        using var content = new StringContent("text");
        using var request = new HttpRequestMessage(HttpMethod.Post, front.Address) { Content = content, Headers = { { "Authorization", "Bearer secret" } } };

        using var response = await clients["orders"].SendAsync(request, Deadline.Token());

        Assert.Equal((HttpMethod.Get, target.Address), (response.RequestMessage!.Method, response.RequestMessage.RequestUri));
        Assert.Equal((HttpMethod.Post, front.Address, content), (request.Method, request.RequestUri, request.Content));
        Assert.Equal("Bearer secret", request.Headers.Authorization!.ToString());
        Assert.Equal("text", await content.ReadAsStringAsync(Deadline.Token()));
    }

    [Fact]
    public async Task AHostHeader_IsNotCarriedToAnotherAuthority_ButKeptWithinItsOwn()
    {
        HttpUpstream? own = null;
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var front = own = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with
            {
                Respond = context =>
                {
                    context.Response.Redirect(context.Request.Path == "/again" ? $"{target.Address}" : new Uri(own!.Address, "/again").AbsoluteUri);
                    return Task.CompletedTask;
                },
            },
            Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls());
        using var request = new HttpRequestMessage(HttpMethod.Get, front.Address) { Headers = { Host = "evil.example" } };

        using var response = await clients["orders"].SendAsync(request, Deadline.Token());

        Assert.Equal(["evil.example", "evil.example"], front.Requests.Select(seen => seen.Host));
        Assert.Equal([target.Address.Authority], target.Requests.Select(seen => seen.Host));
        Assert.Equal(["localhost", "localhost"], front.ServerNames.Concat(target.ServerNames));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EachHop_HasATraceHeaderOfItsOwn_AlsoWhenTheMessageIsSentAgain(bool hasOneOfTheCaller)
    {
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(activities);
        await using var target = await HttpUpstream.StartAsync(Recording(503, null), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Recording(302, () => target.Address), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls(), client => client.AddHttpMessageHandler(() => new SendAgainHandler()));
        using var request = new HttpRequestMessage(HttpMethod.Get, front.Address);
        const string OfTheCaller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        if (hasOneOfTheCaller)
        {
            request.Headers.Add("traceparent", OfTheCaller);
        }

        using var response = await clients["orders"].SendAsync(request, Deadline.Token());

        Assert.Equal((2, 2), (front.Requests.Count, target.Requests.Count));
        Assert.Equal(4, _traces.Count);
        Assert.DoesNotContain(_traces, trace => trace!.Contains(',', StringComparison.Ordinal));
        Assert.DoesNotContain(null, _traces);
        Assert.Equal(4, _traces.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(hasOneOfTheCaller, _traces.First() == OfTheCaller);
    }

    [Fact]
    public async Task EachHop_IsMeasuredOnce()
    {
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        await using var clients = ClientHost.Create(services =>
        {
            services.AddMetrics();
            services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
        });
        var factory = clients.Services.GetRequiredService<IMeterFactory>();
        var measured = new ConcurrentQueue<(object? Port, object? Status)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name == "http.client.request.duration")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            var all = new Dictionary<string, object?>(tags.ToArray());
            measured.Enqueue((all["server.port"], all["http.response.status_code"]));
        });
        listener.Start();

        await clients["orders"].GetStringAsync(front.Address, Deadline.Token());

        Assert.Equal([(front.Port, 302), (target.Port, 200)], measured);
    }

    [Fact]
    public async Task AHandlerThatIsDisposedDuringAHop_FailsTheNextOne()
    {
        var gate = new Rotation.Gate();
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with
            {
                Respond = async context =>
                {
                    await gate.PassAsync().WaitAsync(context.RequestAborted);
                    context.Response.Redirect($"{target.Address}");
                },
            },
            Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls());
        var handler = ClientHandler.OursOf(clients, "orders")!;
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        var answer = invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, front.Address), Deadline.Token());
        await gate.ArrivalAsync();

        handler.Dispose();
        gate.Open();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => answer);
        Assert.Empty(target.Hellos);
    }

    private HttpUpstreamOptions Recording(int status, Func<Uri>? location) => Loopbacks.Asking() with
    {
        Respond = context =>
        {
            _traces.Enqueue(context.Request.Headers.TraceParent.Count == 0 ? null : context.Request.Headers.TraceParent.ToString());
            context.Response.StatusCode = status;
            context.Response.Headers.Location = location?.Invoke().AbsoluteUri;
            return Task.CompletedTask;
        },
    };
}
