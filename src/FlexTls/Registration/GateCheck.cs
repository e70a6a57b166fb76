using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>
/// Stands in front of a client's handlers under a builder of the program's own. There, filters may remove the gate
/// after it was put on: all requests are refused then.
/// </summary>
internal sealed class GateCheck(string client, ClientDecisions decisions) : RequestGuard
{
    private bool _isPassed;

    /// <summary>Puts one in front of the client's handlers, unless the builder takes none.</summary>
    public static void Put(HttpMessageHandlerBuilder builder, string client, ClientDecisions decisions)
    {
        if (builder.AdditionalHandlers is { IsReadOnly: false } handlers)
        {
            handlers.Insert(0, new GateCheck(client, decisions));
        }
    }

    protected override string? Upstream => decisions.UpstreamOf(client)?.Name;

    protected override TlsPolicyDiagnostic? FaultOf(HttpRequestMessage request)
    {
        _isPassed = _isPassed || ClientGate.Find(InnerHandler, gate => gate.IsOf(client, decisions)) is not null;
        return _isPassed ? null : ClientFault.Replaced(client);
    }
}
