using Microsoft.Extensions.Http;

namespace FlexTls.Registration;

/// <summary>
/// Looks at a client's handlers when everything else is done with them. It stands first in the list of filters, which
/// makes it the last to act.
/// </summary>
internal sealed class LastWordFilter(ClientHandlers handlers) : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        handlers.SayLastWord(builder);
    };
}
