using System.Diagnostics.Metrics;

namespace FlexTls.Http;

/// <summary>Creates handlers whose metrics go to the same place as those of the program's other clients.</summary>
internal sealed class UpstreamHandlerFactory(IOutboundTlsContextProvider contexts, IMeterFactory? meters = null)
    : IOutboundTlsHandlerFactory
{
    public HttpMessageHandler CreateHandler(string name, SocketsHttpHandler? settings) =>
        new OutboundTlsHandler(HandlerBlueprint.Of(contexts.GetContext(name), settings, meters));
}
