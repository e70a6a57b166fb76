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
    private readonly List<string> _names = [];
    private readonly List<string> _configured = [];
    private bool _isBuilt;

    [DisallowNull]
    public override string? Name
    {
        get => builder.Name;
        set
        {
            ForgetWhatIsBuilt();
            _names.Add(value);
            builder.Name = value;
        }
    }

    /// <summary>
    /// The client whose handlers are built: filters may change the name, as for log categories, and run the actions of
    /// other clients, too.
    /// </summary>
    private string Client =>
        _configured.Count == 0 ? builder.Name ?? Options.DefaultName
        : _names.FindLast(_configured.Contains) ?? _names.FirstOrDefault() ?? _configured[^1];

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
            guard(builder, Client);
            return builder.Build();
        }
        finally
        {
            // Another call must not find the handlers of this one.
            ChoiceGuard.Remove(builder);
            _isBuilt = true;
        }
    }

    /// <summary>Records that the actions of a client run.</summary>
    public void NoteActionsOf(string client)
    {
        ForgetWhatIsBuilt();
        _configured.Add(client);
    }

    /// <summary>
    /// Begins anew, perhaps for another client, but not before it is said for whom: a filter may build what another
    /// builds around.
    /// </summary>
    private void ForgetWhatIsBuilt()
    {
        if (_isBuilt)
        {
            _names.Clear();
            _configured.Clear();
            _isBuilt = false;
        }
    }
}
