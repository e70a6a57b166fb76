using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>
/// Guards a client's handlers after everything else has configured them. It is first in the list of filters, and
/// therefore the last to act.
/// </summary>
internal sealed class FinishedHandlerFilter(ClientHandlers handlers) : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => 
        builder => handlers.Configure(builder, next);
}
