using System.Net.Security;
using Microsoft.Extensions.Primitives;

namespace FlexTls.Adapters.Guides;

/// <summary>What docs/how-to/databases-and-brokers.md shows.</summary>
internal static class DatabasesGuide
{
    public static async Task<SslApplicationProtocol> ConnectAsync(
        IOutboundTlsContextProvider contexts, string host, int port, CancellationToken ct)
    {
        // <snippet>
        var context = contexts.GetContext("orders-db");
        await using var stream = await context.ConnectAsync(host, port, ct);
        // </snippet>
        return stream.NegotiatedApplicationProtocol;
    }

    public static void Watch(IOutboundTlsContextProvider contexts, Action ClearPool)
    {
        // <snippet>
        ChangeToken.OnChange(() => contexts.GetReloadToken("orders-db"), ClearPool);
        // </snippet>
    }
}
