using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Readme;
using Xunit;

namespace FlexTls.Documentation;

/// <summary>What README.md shows is what compiles, runs and is printed.</summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly TestCA _ca = TestCA.Root();
    private readonly X509Certificate2 _client;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls");

    public ReadmeTests() => _client = _ca.IssueClient();

    [Fact]
    public void TheProgram_HasTenLinesAtMost() =>
        Assert.InRange(Assert.Single(ReadmePage.Snippets("csharp")).Split('\n').Length, 1, 10);

    [Fact]
    public async Task Program_TalksToItsUpstreamUnderThePolicy()
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(_ca.IssueServer("orders.internal.example"))
        {
            ClientCertificates = ClientCertificateMode.RequireCertificate,
            Respond = context => context.Response.WriteAsync("order 42", context.RequestAborted),
        }, Deadline.Token());
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "policies"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "policies/orders.yaml"), ReadmePage.Policy(_ca, _client), Deadline.Token());
        ReadmeHosting.UpstreamPort = upstream.Port;

        var running = ReadmeProgram.RunAsync(
            [$"--contentRoot={_folder.FullName}", "--urls=http://127.0.0.1:0", $"--hostingStartupAssemblies={typeof(ReadmeHosting).Assembly.GetName().Name}"]);
        if (await Task.WhenAny(running, ReadmeHosting.Started.Task) == running)
        {
            await running;
        }

        var (address, lifetime) = await ReadmeHosting.Started.Task;
        using var browser = new HttpClient();
        Assert.Equal("order 42", await browser.GetStringAsync(new Uri(address, "/orders/42"), Deadline.Token()));
        lifetime.StopApplication();
        await running;

        var seen = Assert.Single(upstream.Requests);
        Assert.Equal(("HTTP/1.1", "/orders/42", _client.Subject), (seen.Protocol, seen.Path, seen.ClientCertificate));
        Assert.Equal(["http/1.1"], seen.Hello!.Alpn);
        Assert.Equal("orders.internal.example", seen.Hello.ServerName);
    }

    [Fact]
    public void BrokenPolicy_SaysWhatThePageShows()
    {
        var broken = ReadmePage.Policy(_ca, _client)
            .Replace("minversion: \"1.2\"", "minversion: \"1.4\"", StringComparison.Ordinal)
            .Replace("alpn:", "alpns:", StringComparison.Ordinal)
            .Replace("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256", StringComparison.Ordinal);

        var refused = Assert.Throws<TlsPolicyException>(() => TlsPolicyFile.Parse(broken, "orders.yaml"));

        var message = refused.Message.ReplaceLineEndings("\n");
        Assert.Equal(ReadmePage.Snippets("text")[2], message);
        var ofTheTool = DocumentationPage.Fences("src/FlexTls.Tool/README.md", "text").Single();
        Assert.StartsWith(ofTheTool, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedServer_SaysWhatThePageShows()
    {
        var binding = TlsPolicyFile.Parse(ReadmePage.Policy(_ca, _client)).Bindings.Single();
        var context = new TlsContextFactory().Create(binding.Policy, "orders");
        await using var server = LoopbackServer.Start(_ca.IssueServer("billing.internal.example"));
        var transport = await Loopback.ConnectAsync(server.Port, Deadline.Token());

        var refused = await Assert.ThrowsAsync<TlsHandshakeException>(async () =>
            await context.AuthenticateAsClientAsync(transport, "orders.internal.example", cancellationToken: Deadline.Token()));

        Assert.Equal(ReadmePage.Snippets("text")[0], refused.Message);
        Assert.Contains(ReadmePage.Snippets("text")[1], refused.ServerCertificate!.ToString().Split(Environment.NewLine));
    }

    public void Dispose()
    {
        _ca.Dispose();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }
}
