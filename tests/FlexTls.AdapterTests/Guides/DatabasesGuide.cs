using System.Net.Security;
using Microsoft.Extensions.Primitives;

namespace FlexTls.Adapters.Guides;

/// <summary>What docs/how-to/databases-and-brokers.md shows.</summary>
internal static class DatabasesGuide
{
    public static async Task<SslApplicationProtocol> ConnectAsync(
        IOutboundTlsContextProvider contexts, string host, int port, CancellationToken ct)
    {
        // <recipe>
        var context = contexts.GetContext("orders-db");
        await using var stream = await context.ConnectAsync(host, port, ct);
        // </recipe>
        return stream.NegotiatedApplicationProtocol;
    }

    public static void Watch(IOutboundTlsContextProvider contexts, Action ClearPool)
    {
        // <recipe>
        ChangeToken.OnChange(() => contexts.GetReloadToken("orders-db"), ClearPool);
        // </recipe>
    }
}
