using System.Net;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Xunit;

namespace FlexTls.Http;

/// <summary>The standard resilience handler in front of a policy: it retries what may mend itself, and can be told what does not.</summary>
public class ResilienceTests
{
    private const int Retries = 3;

    [Fact]
    public async Task ARequestThatFailsOnce_IsRetriedUnderThePolicy()
    {
        var answers = 0;
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer)
            {
                Respond = context =>
                {
                    context.Response.StatusCode = Interlocked.Increment(ref answers) == 1 ? 503 : 200;
                    return Task.CompletedTask;
                },
            },
            Deadline.Token());
        await using var clients = ClientHost.Under(Pki.Trusting(), client => client.AddStandardResilienceHandler(AtOnce));

        using var response = await clients["orders"].GetAsync(server.Address, Deadline.Token());

        Assert.Equal((HttpStatusCode.OK, new Version(2, 0)), (response.StatusCode, response.Version));
        Assert.Equal(["HTTP/2", "HTTP/2"], server.Requests.Select(seen => seen.Protocol));
    }

    [Theory]
    [InlineData(true, 1 + Retries)]
    [InlineData(false, 1)]
    public async Task ARefusedCertificate_IsRetriedUnlessOneSaysNotTo(bool isRetried, int attempts)
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.Trusting(Pki.Foreign), client => client.AddStandardResilienceHandler(isRetried ? AtOnce : NotForRefusedCertificates));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetAsync(server.Address, Deadline.Token()));

        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        Assert.Equal("FTLS5003", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Equal(attempts, server.Hellos.Count);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task AServerThatIsAway_IsStillRetried()
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var away = new PortForwarder(1);
        await using var clients = ClientHost.Under(Pki.Trusting(), client => client.AddStandardResilienceHandler(options =>
        {
            NotForRefusedCertificates(options);
            options.Retry.OnRetry = _ =>
            {
                away.SwitchTo(server.Port);
                return default;
            };
        }));

        Assert.Equal("HTTP/2", await clients["orders"].GetStringAsync(away.Address, Deadline.Token()));
        Assert.Equal(2, away.Connections);
    }

    private static void AtOnce(HttpStandardResilienceOptions options) =>
        (options.Retry.MaxRetryAttempts, options.Retry.Delay, options.Retry.UseJitter) = (Retries, TimeSpan.Zero, false);

    /// <summary>As docs/http.md shows it: a certificate that was refused is refused the next time too.</summary>
    private static void NotForRefusedCertificates(HttpStandardResilienceOptions options)
    {
        AtOnce(options);
        // <snippet>
        var isTransient = options.Retry.ShouldHandle;
        options.Retry.ShouldHandle = args =>
            args.Outcome.Exception is HttpRequestException { InnerException: TlsHandshakeException { ServerCertificate: not null } }
                ? PredicateResult.False()
                : isTransient(args);
        // </snippet>
    }
}
