using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
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
    public void Program_IsTheOneThatIsCompiledHere()
    {
        var lines = RepositoryFiles.Read("tests/FlexTls.Core.Tests/Documentation/ReadmeProgram.cs").Split('\n');
        var (begin, end) = (Array.FindIndex(lines, l => l.Trim() == "// <readme>"), Array.FindIndex(lines, l => l.Trim() == "// </readme>"));
        var indent = lines[begin].IndexOf('/', StringComparison.Ordinal);

        IEnumerable<string> program =
        [
            .. lines.Where(line => line.StartsWith("using ", StringComparison.Ordinal)),
            "",
            .. lines[(begin + 1)..end].Select(line => line.Length > indent ? line[indent..] : line),
        ];

        Assert.Equal(string.Join('\n', program), ReadmePage.Snippets("csharp").Single());
    }

    [Fact]
    public async Task Program_ConnectsUnderThePolicy()
    {
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(_ca.IssueServer("localhost"))
        {
            Alpn = [new("h2"), new("http/1.1")],
            RequiresClientCertificate = true,
        });

        var file = Path.Combine(_folder.FullName, "orders.yaml");
        await File.WriteAllTextAsync(file, ReadmePage.Policy(_ca, _client), Deadline.Token());
        await ReadmeProgram.RunAsync([file, $"https://localhost:{server.Port}"]);

        var seen = await server.NextAsync(Deadline.Token());
        Assert.Null(seen.Error);
        Assert.Equal(SslProtocols.Tls13, seen.Version);
        Assert.Equal("http/1.1", seen.Alpn);
        Assert.Equal(_client.Subject, seen.ClientCertificate);
    }

    [Fact]
    public void BrokenPolicy_SaysWhatThePageShows()
    {
        var broken = ReadmePage.Policy(_ca, _client)
            .Replace("minversion: \"1.2\"", "minversion: \"1.4\"", StringComparison.Ordinal)
            .Replace("alpn:", "alpns:", StringComparison.Ordinal)
            .Replace("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256", StringComparison.Ordinal);

        var refused = Assert.Throws<TlsPolicyException>(() => TlsPolicyFile.Parse(broken, "orders.yaml"));

        Assert.Equal(ReadmePage.Snippets("text")[0], refused.Message.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task RefusedServer_SaysWhatThePageShows()
    {
        var binding = TlsPolicyFile.Parse(ReadmePage.Policy(_ca, _client)).Bindings.Single();
        using var context = new TlsContextFactory().Create(binding.Policy, "orders");
        await using var server = LoopbackServer.Start(_ca.IssueServer("billing.internal.example"));
        var transport = await Loopback.ConnectAsync(server.Port, Deadline.Token());

        var refused = await Assert.ThrowsAsync<TlsHandshakeException>(async () =>
            await context.AuthenticateAsClientAsync(transport, "orders.internal.example", ct: Deadline.Token()));

        Assert.Equal(ReadmePage.Snippets("text")[1], refused.Message);
    }

    public void Dispose()
    {
        _ca.Dispose();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }
}
