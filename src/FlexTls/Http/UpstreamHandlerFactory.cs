using System.Diagnostics.Metrics;

namespace FlexTls.Http;

/// <summary>Makes handlers whose metrics go where those of the program's other clients go.</summary>
internal sealed class UpstreamHandlerFactory(IOutboundTlsContextProvider contexts, IMeterFactory? meters = null)
    : IOutboundTlsHandlerFactory
{
    public HttpMessageHandler CreateHandler(string name, SocketsHttpHandler? settings) =>
        new OutboundTlsHandler(HandlerBlueprint.Of(contexts.GetContext(name), settings, meters));
}
