using System.Net;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters.Guides;

public class TestingGuideTests
{
    [Fact]
    public async Task AFake_AnswersForTheUpstream()
    {
        await using var tenants = new Tenants(["orders"], services =>
        {
            services.AddHttpClient("orders").AddOutboundTls();
            TestingGuide.ReplaceUpstream(services, new Fake());
        });

        using var answer = await tenants.Client("orders").GetAsync(new Uri("https://orders.example"), Deadline.Token());

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Fact]
    public Task ASelfSignedCertificate_IsAccepted_WhereThePolicyTrustsIt() => TestingGuide.WithCertificateAsync(async certificate =>
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(certificate), Deadline.Token());
        await using var services = new ServiceCollection()
            .AddHttpClient("orders").AddOutboundTls(policy => policy.TrustAnchors = [certificate])
            .Services.BuildServiceProvider();

        await services.GetRequiredService<IHttpClientFactory>().CreateClient("orders")
            .GetStringAsync(server.Address, Deadline.Token());

        Assert.Single(server.Requests);
    });

    [Fact]
    public async Task ForbidDangerous_EndsTheStart()
    {
        using var folder = new GuideFolder();
        var builder = folder.Builder();
        TestingGuide.Forbid(builder);
        TestingGuide.ReplaceUpstream(builder.Services, new Fake());
        await using var app = builder.Build();

        var refused = await Assert.ThrowsAsync<TlsPolicyException>(() => app.StartAsync(Deadline.Token()));

        Assert.Contains(refused.Diagnostics, finding => finding.Code == "FTLS7009");
    }

    private sealed class Fake : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.Accepted));
    }
}
