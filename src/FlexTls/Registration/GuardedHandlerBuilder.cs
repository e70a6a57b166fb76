using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>
/// Wraps the program's builder of handlers. It guards a client's handlers when they are built: after all builder
/// actions and all filters, whatever their order.
/// </summary>
/// <param name="builder">The program's builder.</param>
/// <param name="guard">Guards the handlers in it; gets the clients whose they may be, the likeliest first.</param>
internal sealed class GuardedHandlerBuilder(
    HttpMessageHandlerBuilder builder, Action<HttpMessageHandlerBuilder, IReadOnlyList<string>> guard)
    : HttpMessageHandlerBuilder
{
    private readonly BuilderUse _use = new();

    [DisallowNull]
    public override string? Name
    {
        get => builder.Name;
        set
        {
            _use.Named(value);
            builder.Name = value;
        }
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
        try
        {
            guard(builder, _use.Built());
            return builder.Build();
        }
        finally
        {
            // Another call must not find the handlers of this one.
            ChoiceGuard.Remove(builder);
        }
    }

    /// <summary>Records that the actions of a client run.</summary>
    public void NoteActionsOf(string client) => _use.Configured(client);
}
