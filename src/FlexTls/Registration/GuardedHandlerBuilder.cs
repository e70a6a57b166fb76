using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace FlexTls;

/// <summary>
/// Wraps the program's builder of handlers. It guards a client's handlers when they are built: after all builder
/// actions and all filters, whatever their order.
/// </summary>
/// <param name="builder">The program's builder.</param>
/// <param name="guard">Guards the handlers in it, which are those of a client.</param>
internal sealed class GuardedHandlerBuilder(
    HttpMessageHandlerBuilder builder, Action<HttpMessageHandlerBuilder, string> guard) : HttpMessageHandlerBuilder
{
    /// <summary>
    /// The client whose handlers are built next. Filters may change the name, as for log categories.
    /// </summary>
    public string? Client { get; set; }

    [DisallowNull]
    public override string? Name
    {
        get => builder.Name;
        set
        {
            Client ??= value;
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
            guard(builder, Client ?? builder.Name ?? Options.DefaultName);
            return builder.Build();
        }
        finally
        {
            // Another call, perhaps for another client, must not find anything of this one.
            ChoiceGuard.Remove(builder);
            Client = null;
        }
    }
}
