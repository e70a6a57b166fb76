using System.Net;
using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Pages;

/// <summary>What the page says about an upstream that is in use.</summary>
public class ContentTests
{
    [Fact]
    public async Task ARow_HasWhatTheStatusHas()
    {
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer) { ClientCertificates = ClientCertificateMode.RequireCertificate },
            Deadline.Token());
        await using var host = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await host.CallAsync("orders", server));
        var status = host.Manager.GetStatus().Upstreams.Single();
        var handshake = status.LastHandshake!;

        var page = await host.PageAsync();

        var name = Assert.Single(page.All("th"), cell => cell.Attribute("role")?.Value == "rowheader").Value;
        Assert.Contains("used by client 'orders'", name, StringComparison.Ordinal);
        Assert.Contains("to localhost", name, StringComparison.Ordinal);
        Assert.Contains(
            status.Settings.ClientCertificate!.Subject, Assert.Single(page.Cells("Client certificate")),
            StringComparison.Ordinal);
        Assert.Contains(
            $"{status.FirstExpiry!.NotAfter:u}", Assert.Single(page.Cells("First expiry")), StringComparison.Ordinal);
        var negotiated = Assert.Single(page.Cells("Last handshake"));
        Assert.Contains("TLS 1.3", negotiated, StringComparison.Ordinal);
        Assert.Contains($"{handshake.CipherSuite}", negotiated, StringComparison.Ordinal);
        Assert.Contains("mutual, full handshake, ", negotiated, StringComparison.Ordinal);
        Assert.Contains("1 open", page.Cells("Connections"));
        Assert.Contains("1 handshake", Assert.Single(page.Cells("Last hour")), StringComparison.Ordinal);
        Assert.Equal(
            "Last hour: 1 handshake",
            Assert.Single(page.All("svg"), svg => svg.Attribute("class")?.Value == "hour")
                .Attribute("aria-label")!.Value);
    }

    [Fact]
    public async Task TheDetails_HaveEverySettingAndTheFailures()
    {
        await using var foreign = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.Foreign.IssueServer("localhost")), Deadline.Token());
        await using var host = await StartAsync();
        Assert.Null(await host.CallAsync("orders", foreign));
        var status = host.Manager.GetStatus().Upstreams.Single();
        var failure = Assert.Single(status.Failures);

        var page = await host.PageAsync();

        var details = Assert.Single(page.All("details"));
        var settings = details.Descendants("dt").Zip(
            details.Descendants("dd"), (name, value) => $"{name.Value}: {value.Value}").ToList();
        Assert.All(status.Settings.ToString().Split(Environment.NewLine), line => Assert.Contains(line, settings));
        Assert.Contains("source: " + status.Source, settings);
        var row = Assert.Single(details.Descendants("tbody").Single().Elements("tr")).Elements()
            .Select(cell => cell.Value).ToList();
        Assert.Equal([failure.Code, "1", $"{failure.FirstAt:u}", $"{failure.LastAt:u}"], row[..4]);
        Assert.Equal(failure.Message.ReplaceLineEndings("\n"), row[4].ReplaceLineEndings("\n"));
        Assert.Equal(
            status.LastError!.Message.ReplaceLineEndings("\n"),
            Assert.Single(details.Descendants("pre")).Value.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task AUser_IsMarkedIfCodeHasWeakenedIt()
    {
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting())),
            Services = services => services.AddHttpClient("plain").AddOutboundTls("orders").DangerousAllowPlainHttp(),
        });

        var page = await host.PageAsync();

        Assert.Contains("client 'plain' (plain HTTP allowed)", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUpstreamWhoseLastConnectionFailed_ComesFirst_UntilOneSucceeds()
    {
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var foreign = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.Foreign.IssueServer("localhost")), Deadline.Token());
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls =>
            {
                tls.AddPolicy("billing", OutboundTlsPolicy.Create(Pki.Trusting()));
                tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting()));
            },
            Services = services => services.AddHttpClient("orders").AddOutboundTls(),
        });

        Assert.Null(await host.CallAsync("orders", foreign));

        var page = await host.PageAsync();
        Assert.Equal(["orders", "billing"], page.Upstreams);
        Assert.Equal(["Up to date", "Last connection failed", "Up to date"], page.Badges);
        var failure = Assert.Single(host.Manager.GetStatus().Upstreams, one => one.Name == "orders").Failures[0];
        Assert.Contains($"{failure.Code}, ", page.Cells("State").First(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, await host.CallAsync("orders", server));
        page = await host.PageAsync();
        Assert.Equal(["billing", "orders"], page.Upstreams);
        Assert.Equal(["Up to date", "Up to date"], page.Badges);
    }

    [Fact]
    public async Task ThePage_HasLandmarksCaptionsAndScopes()
    {
        await using var host = await StartAsync();

        var page = await host.PageAsync();

        Assert.Equal("en", page.Tree.Root!.Attribute("lang")!.Value);
        Assert.Single(page.All("main"));
        Assert.Single(page.All("h1"));
        Assert.Single(page.All("nav"), nav => nav.Attribute("aria-label") is not null);
        Assert.All(page.All("table"), table => Assert.Single(table.Elements("caption")));
        Assert.All(page.All("th"), cell => Assert.Contains(cell.Attribute("scope")!.Value, (string[])["col", "row"]));
        Assert.All(page.All("svg"), svg => Assert.Equal("img", svg.Attribute("role")!.Value));
        Assert.All(page.All("svg"), svg => Assert.NotEmpty(svg.Attribute("aria-label")!.Value));
        var ids = page.Tree.Descendants().Select(element => element.Attribute("id")?.Value).OfType<string>().ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(
            page.Tree.Descendants().Select(element => element.Attribute("aria-labelledby")?.Value).OfType<string>(),
            id => Assert.Contains(id, ids));
    }

    [Fact]
    public async Task WithoutUpstreams_ThePageSaysSo()
    {
        await using var host = await PageHost.StartAsync(new PageHostOptions());

        Assert.Contains("No upstream has a policy.", (await host.PageAsync()).Text, StringComparison.Ordinal);
    }

    private static Task<PageHost> StartAsync() => PageHost.StartAsync(new PageHostOptions
    {
        Policies = tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.MutualTls())),
        Services = services => services.AddHttpClient("orders").AddOutboundTls(),
    });
}
