using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>
/// Warns about factories and builders of the program's own, because FlexTls cannot see which handlers they use.
/// </summary>
internal sealed class ForeignFactories(RegisteredFactories factories, IServiceProvider services)
{
    /// <summary>The findings about those that were registered. None of them is created.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> FindRegistered()
    {
        var found = new DiagnosticList();
        foreach (var service in (Type[])[typeof(IHttpClientFactory), typeof(IHttpMessageHandlerFactory)])
        {
            if (factories.FindOwn(service) is { } own)
            {
                WarnAboutFactory(service, own, found);
            }
        }

        if (factories.FindUnverifiedBuilder() is { } unverified)
        {
            found.Error(DiagnosticCodes.HandlerReplaced, new Place(""),
                $"The program's HttpMessageHandlerBuilder is {unverified}, and nothing verifies what it builds, "
                + "because IHttpClientFactory or IHttpMessageHandlerFactory was registered before AddOutboundTls, or "
                + "again after it; register them afterwards, in front of those that are there, or remove the builder.");
        }
        else if (factories.FindOwn(typeof(HttpMessageHandlerBuilder)) is { } builder)
        {
            found.Warning(DiagnosticCodes.ForeignClientFactory, new Place(""),
                $"The program's HttpMessageHandlerBuilder is {builder}: its Build, and filters, find the gate of "
                + "FlexTls instead of a client's handler, and lose what they set on that. Set it with "
                + "ConfigurePrimaryHttpMessageHandler or UseSocketsHttpHandler, or remove the builder.");
        }

        return found.InFileOrder();
    }

    /// <summary>
    /// The warning about a factory of clients that only the container knows. It is created, so the host must run.
    /// </summary>
    public IReadOnlyList<TlsPolicyDiagnostic> FindUnregistered()
    {
        var found = new DiagnosticList();
        if (factories.FindOwn(typeof(IHttpClientFactory)) is null && TypeInUse() is { } type
            && type != typeof(VerifiedFactory) && type.Assembly != typeof(HttpClientFactoryOptions).Assembly)
        {
            WarnAboutFactory(typeof(IHttpClientFactory), type.Name, found);
        }

        return found.InFileOrder();
    }

    private static void WarnAboutFactory(Type service, string own, DiagnosticList found) => found.Warning(
        DiagnosticCodes.ForeignClientFactory, new Place(""),
        $"The program's {service.Name} is {own}: a client or handler that it creates without the platform's is not "
        + "under its policy. Create the handlers with the platform's IHttpMessageHandlerFactory, or remove the "
        + "factory.");

    private Type? TypeInUse()
    {
        try
        {
            using var scope = services.CreateScope();
            return scope.ServiceProvider.GetService<IHttpClientFactory>()?.GetType();
        }
        catch (Exception)
        {
            // The program's own code: whoever needs the factory sees the exception.
            return null;
        }
    }
}
