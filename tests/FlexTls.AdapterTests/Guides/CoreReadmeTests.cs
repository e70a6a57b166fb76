using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Adapters.Guides;

public class CoreReadmeTests
{
    private const string Readme = "src/FlexTls.Core/README.md";

    [Fact]
    public async Task TheProgram_ConnectsUnderThePolicyOfThePage()
    {
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { AsksForClientCertificate = true });
        using var folder = new GuideFolder();
        folder.Write("policies/orders-db.yaml", DocumentationPage.Fences(Readme, "yaml").Single());

        var protocol = await CoreReadme.ConnectAsync(
            Path.Combine(folder.Path, "policies/orders-db.yaml"), "localhost", server.Port, Deadline.Token());

        var seen = await server.NextAsync(Deadline.Token());
        Assert.Equal(("localhost", "CN=shop", ""), (seen.ServerName, seen.ClientCertificate, protocol.ToString()));
    }
}
