using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>
/// Wraps the program's builder of handlers. It guards a client's handlers when they are built: after all builder
/// actions and all filters, whatever their order.
/// </summary>
/// <param name="builder">The program's builder.</param>
/// <param name="guard">Guards the handlers in it.</param>
internal sealed class GuardedHandlerBuilder(
    HttpMessageHandlerBuilder builder, Action<HttpMessageHandlerBuilder> guard) : HttpMessageHandlerBuilder
{
    [DisallowNull]
    public override string? Name
    {
        get => builder.Name;
        set => builder.Name = value;
    }

    public override HttpMessageHandler PrimaryHandler
    {
        get => builder.PrimaryHandler;
        set => builder.PrimaryHandler = value;
    }

    public override IList<DelegatingHandler> AdditionalHandlers => builder.AdditionalHandlers;

    public override IServiceProvider Services => builder.Services;

    public override HttpMessageHandler Build()
    {
        guard(builder);
        try
        {
            return builder.Build();
        }
        finally
        {
            // Another call must not find the handlers of this one.
            ChoiceGuard.Remove(builder);
        }
    }
}
