using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Interop;

/// <summary>A context and a named client for each row.</summary>
internal sealed class InteropPolicies : IAsyncDisposable
{
    private readonly InteropPki _pki;
    private readonly ConcurrentDictionary<(string Row, bool WithAlpn), OutboundTlsContext> _contexts = new();
    private readonly ServiceProvider _services;

    public InteropPolicies(InteropPki pki)
    {
        _pki = pki;
        var services = new ServiceCollection();
        foreach (var row in Rows.All)
        {
            foreach (var withAlpn in new[] { true, false })
            {
                services.AddHttpClient(ClientName(row, withAlpn)).AddOutboundTls(Policy(row, withAlpn));
            }
        }

        _services = services.BuildServiceProvider();
    }

    public OutboundTlsContext Context(Row row, bool withAlpn) =>
        _contexts.GetOrAdd((row.Name, withAlpn), _ => NewContext(row, withAlpn));

    /// <summary>A context that has met no server yet.</summary>
    public OutboundTlsContext NewContext(Row row, bool withAlpn) =>
        new TlsContextFactory().Create(Policy(row, withAlpn));

    public HttpClient Client(Row row, bool withAlpn) =>
        _services.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName(row, withAlpn));

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static string ClientName(Row row, bool withAlpn) => withAlpn ? row.Name : $"{row.Name}, without ALPN";

    private OutboundTlsPolicy Policy(Row row, bool withAlpn) => OutboundTlsPolicy.Create(row.Options(_pki, withAlpn));
}
