using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Pages;

/// <summary>Every state has its badge and its reason.</summary>
public class StateTests
{
    [Fact]
    public async Task UpToDate_HasNoReason()
    {
        using var files = new PolicyFiles();
        files.Write("orders");
        await using var host = await PageHost.StartAsync(Watched.Options(files, TimeSpan.FromHours(1)));

        var page = await host.PageAsync();

        Assert.Equal(["Up to date"], page.Badges);
        Assert.Equal(["Up to date"], page.Cells("State"));
        Assert.DoesNotContain("Degraded", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Degraded_HasTheFault_InTheListAndInItsRow()
    {
        using var files = new PolicyFiles();
        files.Write("orders");
        await using var host = await PageHost.StartAsync(Watched.Options(files, TimeSpan.FromHours(1)));
        files.Write("orders", config: "minversion: \"9\"");
        await host.Manager.ReloadAsync(Deadline.Token());
        var fault = Assert.Single(host.Manager.GetStatus().Faults);

        var page = await host.PageAsync();

        Assert.Contains("Degraded", page.Badges);
        Assert.Contains(fault.Message, Assert.Single(page.Cells("State")), StringComparison.Ordinal);
        Assert.Equal(2, page.Badges.Count(badge => badge == $"Error {fault.Code}"));
        Assert.Contains($"{fault.FileName}({fault.Line},{fault.Column})", page.Text, StringComparison.Ordinal);
        Assert.Equal("Outbound TLS: 1 degraded", Assert.Single(page.All("title")).Value);
    }

    [Fact]
    public async Task Waiting_HasItsReason()
    {
        using var files = new PolicyFiles();
        files.Write("orders", config: "minversion: \"1.3\"");
        await using var host = await PageHost.StartAsync(Watched.Options(files, TimeSpan.FromHours(1)));
        files.Write("orders");
        await Watched.UntilAsync(host, UpstreamTlsState.Waiting);

        var page = await host.PageAsync();

        Assert.Equal(["Waiting"], page.Badges);
        Assert.Matches(
            "a change takes effect in 59 minutes: .*1\\.2 instead of 1\\.3", Assert.Single(page.Cells("State")));
    }

    [Fact]
    public async Task Weakened_HasItsReason()
    {
        using var files = new PolicyFiles();
        files.Write("orders", config: "minversion: \"1.3\"");
        await using var host = await PageHost.StartAsync(Watched.Options(files, TimeSpan.FromSeconds(1)));
        files.Write("orders");
        await Watched.UntilAsync(host, UpstreamTlsState.Weakened);

        var page = await host.PageAsync();

        Assert.Equal(["Weakened"], page.Badges);
        Assert.Contains("1.2 instead of 1.3", Assert.Single(page.Cells("State")), StringComparison.Ordinal);
        var since = host.Manager.GetStatus().Upstreams.Single().Weakening!.Since;
        Assert.Contains(page.All("p"), text => text.Value.StartsWith($"Since {since:u} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AServerThatIsNotValidated_HasABadge()
    {
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls => tls.AddPolicy(
                "orders", OutboundTlsPolicy.Create(new OutboundTlsOptions { DangerousSkipValidation = true })),
        });

        Assert.Equal(["Up to date", "Server not validated"], (await host.PageAsync()).Badges);
    }

    [Fact]
    public async Task APolicyThatAllowsPlainHttp_HasABadge()
    {
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls => tls.AddPolicy(
                "orders", OutboundTlsPolicy.Create(new OutboundTlsOptions
                {
                    Extensions = new OutboundTlsExtensionOptions { DangerousAllowPlainHttp = true },
                })),
        });

        var page = await host.PageAsync();

        Assert.Equal(["Up to date", "Plain HTTP allowed"], page.Badges);
        Assert.Contains("plain HTTP", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACertificateThatExpiresSoon_ComesBeforeUpstreamsThatAreWell()
    {
        using var renewable = Pki.Root.Issue("CN=renewable", new CertificateRequestOptions
        {
            Usages = [CertificateRequestOptions.ClientAuth],
            NotBefore = DateTimeOffset.UtcNow.AddDays(-90),
            NotAfter = DateTimeOffset.UtcNow.AddDays(1),
        });
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls => tls.AddPolicy("a", _ => { })
                .AddPolicy("b", OutboundTlsPolicy.Create(Pki.Presenting(renewable))),
        });

        Assert.Equal(["b", "a"], (await host.PageAsync()).Upstreams);
    }

    [Fact]
    public async Task AnExpiredCertificate_ComesBeforeUpstreamsThatAreWell()
    {
        using var expired = Pki.Root.Issue("CN=expired", new CertificateRequestOptions
        {
            Usages = [CertificateRequestOptions.ClientAuth],
            NotBefore = DateTimeOffset.UtcNow.AddDays(-2),
            NotAfter = DateTimeOffset.UtcNow.AddDays(-1),
        });
        var options = Pki.Presenting(expired);
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls => tls.AddPolicy("a", _ => { }).AddPolicy("b", OutboundTlsPolicy.Create(options)),
        });

        Assert.Equal(["b", "a"], (await host.PageAsync()).Upstreams);
    }

    [Fact]
    public async Task AFilter_ShowsUpstreamsInThatStateOnly_AndTheRestComesAfterThoseWithProblems()
    {
        using var files = new PolicyFiles();
        files.Write("customers");
        files.Write("orders");
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls =>
            {
                tls.AddPolicyFile(files.Pattern);
                tls.ReloadOnChange = false;
            },
        });
        files.Write("orders", config: "minversion: \"9\"");
        await host.Manager.ReloadAsync(Deadline.Token());

        Assert.Equal(["orders", "customers"], (await host.PageAsync()).Upstreams);
        Assert.Equal(["customers"], (await host.PageAsync("?state=UpToDate")).Upstreams);
        Assert.Equal(["orders"], (await host.PageAsync("?state=degraded")).Upstreams);
        Assert.Empty((await host.PageAsync("?state=Waiting")).Upstreams);
        Assert.Equal(2, (await host.PageAsync("?state=9")).Upstreams.Count());
        Assert.Equal(2, (await host.PageAsync("?state=Degraded,Waiting")).Upstreams.Count());
    }
}
