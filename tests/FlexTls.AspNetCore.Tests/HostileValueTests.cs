using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Pages;

/// <summary>Names that others chose stay text.</summary>
public sealed class HostileValueTests : IDisposable
{
    private const string Client = "\"><script>alert('1')</script>&amp;\0\u202Egnp\r\n\u200B";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    [Fact]
    public async Task ANameOfAClient_StaysText()
    {
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Services = services => services.AddHttpClient(Client)
                .AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting())),
        });

        var page = await host.PageAsync();

        AssertHarmless(page);
        Assert.Equal(
            ["\"><script>alert('1')</script>&amp;\\u0000\\u202Egnp\n\\u200B"],
            page.Upstreams.Select(name => name.ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task ASubject_StaysText()
    {
        using var identity = Pki.Root.IssueClient(
            "CN=\"</bdi></td><script>alert('1')</script>\u202E&lt;\", O='x' onload=alert(2)");
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Presenting(identity))),
        });

        var page = await host.PageAsync();

        AssertHarmless(page);
        Assert.Contains(
            "</bdi></td><script>alert('1')</script>", Assert.Single(page.Cells("Client certificate")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileName_StaysText()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such file names.");
        const string Name = "<img src=x onerror=\"alert('1')\">\u202E.yaml";
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, Name), """
            apiVersion: gateway.mulesoft.com/v1alpha1
            kind: PolicyBinding
            metadata: { name: orders-tls }
            spec:
              targetRef: { kind: Service, name: orders }
              policyRef: { name: tls-outbound }
              config: { minversion: "1.2" }
            """, Deadline.Token());
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls => tls.AddPolicyFile(Path.Combine(_folder.FullName, "*.yaml")),
        });
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, Name), "<script>alert('1')</script>: [", Deadline.Token());
        await host.Manager.ReloadAsync(Deadline.Token());

        var page = await host.PageAsync();

        AssertHarmless(page);
        Assert.Contains("Degraded", page.Badges);
        Assert.Contains(
            page.All("bdi"),
            place => place.Value.EndsWith(
                "<img src=x onerror=\"alert('1')\">\\u202E.yaml(2,1)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheQuery_IsNotShown()
    {
        await using var host = await PageHost.StartAsync(new PageHostOptions());

        var page = await host.PageAsync("?state=%3Cscript%3Ealert(1)%3C/script%3E");

        AssertHarmless(page);
        Assert.DoesNotContain("alert", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheCertificateOfAServer_StaysText()
    {
        using var root = TestCA.Root("CN=\"<script>alert('1')</script>\"");
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(root.Issue(
                "CN=\"<script>alert('2')</script>\"", new CertificateRequestOptions { DnsNames = ["localhost"] })),
            Deadline.Token());
        await using var host = await PageHost.StartAsync(new PageHostOptions
        {
            Policies = tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting())),
            Services = services => services.AddHttpClient("orders").AddOutboundTls(),
        });
        Assert.Null(await host.CallAsync("orders", server));

        var page = await host.PageAsync();

        AssertHarmless(page);
        Assert.Contains("<script>alert('2')</script>", page.Text, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void AssertHarmless(Page page)
    {
        Assert.Empty(page.All("script"));
        Assert.Empty(page.All("img"));
        Assert.DoesNotContain(page.Markup, character => character > '~' || (character < ' ' && character != '\n'));
        Assert.DoesNotContain(page.Text, character => character is '\0' or '\u202E' or '\u200B');
    }
}
