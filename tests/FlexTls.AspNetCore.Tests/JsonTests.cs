using System.Net;
using System.Text.Json;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Pages;

/// <summary>What programs get.</summary>
public class JsonTests
{
    [Fact]
    public async Task TheAnswer_IsTheStatusAsAnEndpointWritesIt()
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.MutualTls())),
            Services = services => services.AddHttpClient("orders").AddOutboundTls(),
        });
        Assert.Equal(HttpStatusCode.OK, await host.CallAsync("orders", server));

        Assert.Equal(JsonSerializer.Serialize(host.Manager.GetStatus(), JsonSerializerOptions.Web), await host.JsonAsync());
    }

    [Fact]
    public async Task TheAnswer_IsTheSameForADegradedUpstream()
    {
        using var files = new PolicyFiles();
        files.Write("orders");
        await using var host = await PageHost.StartAsync(Watched.Options(files, TimeSpan.FromHours(1)));
        files.Write("orders", config: "minversion: \"9\"");
        await host.Manager.ReloadAsync(Deadline.Token());

        var json = await host.JsonAsync();

        Assert.Equal(JsonSerializer.Serialize(host.Manager.GetStatus(), JsonSerializerOptions.Web), json);
        Assert.Contains("\"state\":\"Degraded\"", json, StringComparison.Ordinal);
    }
}
