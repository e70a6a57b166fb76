namespace FlexTls.Registration;

/// <summary>A builder that ignores the primary handler that it was given.</summary>
internal sealed class StubbornBuilder(IServiceProvider services) : OwnBuilder(services)
{
    public override HttpMessageHandler Build() => CreateHandlerPipeline(new SocketsHttpHandler(), AdditionalHandlers);
}
