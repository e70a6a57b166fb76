using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters.Guides;

public class DatabasesGuideTests
{
    [Fact]
    public async Task AStream_IsUnderThePolicy_AndAPoolIsToldOfARenewal()
    {
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { AsksForClientCertificate = true });
        await using var tenants = new Tenants();
        tenants.Write("orders-db", config: "alpn: []");
        await tenants.ReloadAsync();
        var contexts = tenants.All.GetRequiredService<IOutboundTlsContextProvider>();
        var cleared = new TaskCompletionSource();
        DatabasesGuide.Watch(contexts, cleared.SetResult);

        var protocol = await DatabasesGuide.ConnectAsync(contexts, "localhost", server.Port, Deadline.Token());
        var seen = await server.NextAsync(Deadline.Token());
        tenants.Write("orders-db", "renewed", "alpn: []");
        await tenants.ReloadAsync();

        await cleared.Task.WaitAsync(Deadline.Token());
        Assert.Equal(("localhost", "CN=orders-db", ""), (seen.ServerName, seen.ClientCertificate, protocol.ToString()));
    }
}
