using Microsoft.Extensions.Http;

namespace FlexTls.Registration;

/// <summary>A builder of handlers of the program's own.</summary>
internal class OwnBuilder(IServiceProvider services) : HttpMessageHandlerBuilder
{
    public override string? Name { get; set; }

    public override HttpMessageHandler PrimaryHandler { get; set; } = new SocketsHttpHandler();

    public override IList<DelegatingHandler> AdditionalHandlers { get; } = [];

    public override IServiceProvider Services => services;

    public override HttpMessageHandler Build() => CreateHandlerPipeline(PrimaryHandler, AdditionalHandlers);
}
