using System.Net.Security;

namespace FlexTls.Adapters.Guides;

/// <summary>What the README of the package FlexTls.Core shows.</summary>
internal static class CoreReadme
{
    public static async Task<SslApplicationProtocol> ConnectAsync(string path, string host, int port, CancellationToken ct)
    {
        // <snippet>
        var policy = TlsPolicyFile.Load(path).Find("orders-db")!.Policy;
        var context = new TlsContextFactory().Create(policy, "orders-db");
        await using var stream = await context.ConnectAsync(host, port, ct);
        // </snippet>
        return stream.NegotiatedApplicationProtocol;
    }
}
