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
    // Filters may change the name, as for log categories; the client stays the same.
    private string? _client;

    [DisallowNull]
    public override string? Name
    {
        get => builder.Name;
        set
        {
            _client ??= value;
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
        guard(builder, _client ?? builder.Name ?? Options.DefaultName);
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
