using System.Diagnostics.CodeAnalysis;
using FlexTls;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Shows the status of outbound TLS to operators.</summary>
public static class OutboundTlsEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the status of every upstream (<see cref="IOutboundTlsManager.GetStatus"/>): a page for browsers, JSON for
    /// everyone else. It answers GET and HEAD: 200, or 503 with the faults if the policies cannot be used. It contains
    /// no secret, but it does contain subjects, hosts and file names: always add <c>RequireAuthorization()</c>.
    /// </summary>
    /// <param name="endpoints">The routes of the program.</param>
    /// <param name="pattern">The path, such as <c>/internal/outbound-tls</c>.</param>
    /// <returns>The endpoint's conventions. Without <c>RequireAuthorization()</c>, anyone may ask.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException"><c>services.AddOutboundTls(…)</c> was not called.</exception>
    public static IEndpointConventionBuilder MapOutboundTls(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var services = endpoints.ServiceProvider;
        if (services.GetService<IServiceProviderIsService>()?.IsService(typeof(IOutboundTlsManager)) == false)
        {
            throw new InvalidOperationException("MapOutboundTls requires services.AddOutboundTls(…).");
        }

        return endpoints.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], StatusEndpoint.AnswerAsync)
            .WithDisplayName("Outbound TLS status");
    }
}
